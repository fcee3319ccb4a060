import { whileInView } from '../in-view.js'
import type { Change, Instrument } from '../instrument.js'
import { EventDensity } from './event-density.js'

const WINDOW_MS = 30_000

/** What is drawn from one moment to another; to now, while it has no end. */
interface Phase {
  element: HTMLElement
  change: Change
  from: number
  to?: number
}

interface Mark {
  element: HTMLElement
  at: number
  width: number
}

/** The last half minute of a connection, drawn as it happens: its states, what changed them, and how many events came. */
export class Timeline implements Instrument {
  readonly element = box('timeline')
  readonly #resumes = box('marks')
  readonly #lane = box('lane')
  readonly #breaks = box('marks')
  readonly #density = new EventDensity(WINDOW_MS)
  #phases: Phase[] = []
  #marks: Mark[] = []
  #frame = 0

  constructor() {
    this.element.ariaHidden = 'true'
    const axis = box('axis')
    axis.append(textual(`${WINDOW_MS / 1000} s ago`), textual('now'))
    this.element.append(this.#density.element, this.#resumes, this.#lane, this.#breaks, axis)
    whileInView(this.element, () => this.#animate(), () => cancelAnimationFrame(this.#frame))
  }

  clear(): void {
    this.#phases = []
    this.#marks = []
    this.#lane.replaceChildren()
    this.#resumes.replaceChildren()
    this.#breaks.replaceChildren()
    this.#density.clear()
  }

  changed(change: Change): void {
    const now = performance.now()
    const { state, connection, detail } = change
    const last = this.#phases.at(-1)
    if (last !== undefined) end(last, now)

    const element = textual(nameOf(change), `phase ${connection % 2 === 0 ? 'even' : 'odd'}`)
    element.dataset['state'] = state
    this.#lane.append(element)
    this.#phases.push({ element, change, from: now })
    if (detail === '') return
    if (state === 'open') this.#mark(this.#resumes, detail, now)
    else this.#mark(this.#breaks, detail, now)
  }

  received(_event: MessageEvent<string>, connection: number): void {
    this.#density.add(performance.now(), connection)
  }

  #mark(row: HTMLElement, text: string, at: number): void {
    const element = textual(text)
    row.append(element)
    this.#marks.push({ element, at, width: element.offsetWidth })
  }

  #animate(): void {
    this.#draw(performance.now())
    this.#frame = requestAnimationFrame(() => this.#animate())
  }

  #draw(now: number): void {
    const start = now - WINDOW_MS
    const isGone = (time: number) => time < start
    const percent = (time: number) => `${((Math.max(time, start) - start) / WINDOW_MS) * 100}%`

    for (const { element, to = now } of this.#phases) if (isGone(to)) element.remove()
    this.#phases = this.#phases.filter(({ to = now }) => !isGone(to))
    for (const phase of this.#phases) {
      const { element, from, to = now } = phase
      element.style.left = percent(from)
      element.style.right = `calc(100% - ${percent(to)})`
      if (phase.to === undefined) element.textContent = label(phase, now)
    }

    for (const { element, at } of this.#marks) if (isGone(at)) element.remove()
    this.#marks = this.#marks.filter(({ at }) => !isGone(at))
    const pixels = this.element.clientWidth
    for (const { element, at, width } of this.#marks) {
      element.style.left = percent(at)
      element.classList.toggle('before', ((now - at) / WINDOW_MS) * pixels < width)
    }

    this.#density.draw(now)
  }
}

/** Once a wait is over, its label says how long it took. */
function end(phase: Phase, now: number): void {
  phase.to = now
  if (phase.change.state === 'waiting') phase.element.textContent = seconds(now - phase.from)
}

function nameOf({ state, detail }: Change): string {
  return state === 'open' && detail !== '' ? 'resumed' : state
}

function label({ change, from }: Phase, now: number): string {
  const { state, delayMs = Infinity } = change
  if (state !== 'waiting' || delayMs === Infinity) return nameOf(change)
  return seconds(Math.max(from + delayMs - now, 0))
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function box(className: string): HTMLElement {
  const element = document.createElement('div')
  element.className = className
  return element
}

function textual(text: string, className = ''): HTMLElement {
  const element = document.createElement('span')
  element.className = className
  element.textContent = text
  return element
}
