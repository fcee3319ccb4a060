import { whileInView } from '../in-view.js'
import { part } from '../part.js'
import { BoardCard } from './board-card.js'

const SLOW = 20
const FAST = 10_000

/** React and Vue are loaded when their board first runs. */
const modules = {
  react: () => import('./react-board.js'),
  vue: () => import('./vue-board.js'),
  native: () => import('./native-board.js'),
}

/** The same price board three times, of which one runs. */
export function boards(section: HTMLElement): void {
  const fast = part(section, 'fast', HTMLInputElement)
  const cards = Object.entries(modules).map(([name, load]) => {
    const root = section.querySelector<HTMLElement>(`[data-board="${name}"]`)
    if (root === null) throw new TypeError(`no board ${name}`)
    return new BoardCard(root, load)
  })
  /** The one that runs while the section is in view. */
  let chosen = cards[0]

  const run = () => void chosen?.run(fast.checked ? FAST : SLOW)
  for (const card of cards) {
    card.button.addEventListener('click', () => {
      const isRunning = card.isRunning
      chosen?.stop()
      chosen = isRunning ? undefined : card
      run()
    })
  }
  fast.addEventListener('change', run)
  whileInView(section, run, () => chosen?.stop())
}
