import type { Instrument } from './instrument.js'
import type { Gap } from './tally.js'

const CAPACITY = 160

/** A bar for every event, newest right; the colour changes with every connection. */
export class Strip implements Instrument {
  readonly element = document.createElement('div')

  constructor() {
    this.element.className = 'strip'
    this.element.ariaHidden = 'true'
  }

  received(_event: MessageEvent<string>, connection: number, gap: Gap): void {
    if (gap === 'twice') {
      this.#append('twice', connection)
      return
    }
    for (let hole = 0; hole < Math.min(gap, CAPACITY); hole += 1) this.#append('missing', connection)
    this.#append('event', connection)
  }

  clear(): void {
    this.element.replaceChildren()
  }

  #append(kind: 'event' | 'missing' | 'twice', connection: number): void {
    const bar = document.createElement('i')
    bar.className = `${kind} ${connection % 2 === 0 ? 'even' : 'odd'}`
    this.element.append(bar)
    if (this.element.childElementCount > CAPACITY) this.element.firstElementChild?.remove()
  }
}
