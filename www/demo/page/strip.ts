const CAPACITY = 160

/** A bar for every event, newest right; the colour changes with every connection. */
export class Strip {
  readonly #root: Element

  constructor(root: Element) {
    this.#root = root
  }

  /** `gap` is what the tally says of the event. */
  add(connection: number, gap: number | 'twice'): void {
    if (gap === 'twice') {
      this.#append('twice', connection)
      return
    }
    for (let hole = 0; hole < Math.min(gap, CAPACITY); hole += 1) this.#append('missing', connection)
    this.#append('event', connection)
  }

  clear(): void {
    this.#root.replaceChildren()
  }

  #append(kind: 'event' | 'missing' | 'twice', connection: number): void {
    const bar = document.createElement('i')
    bar.className = `${kind} ${connection % 2 === 0 ? 'even' : 'odd'}`
    this.#root.append(bar)
    if (this.#root.childElementCount > CAPACITY) this.#root.firstElementChild?.remove()
  }
}
