const CAPACITY = 100

/** What happened on a stream, newest first. */
export class EventLog {
  readonly #root: Element

  constructor(root: Element) {
    this.#root = root
  }

  event(type: string, id: string, data: string): void {
    this.#add('event', { type, id, detail: data })
  }

  /** What happened to the connection, as opposed to what it carried. */
  state(type: 'open' | 'error' | 'close', detail: string): void {
    this.#add(`state ${type}`, { type, detail })
  }

  clear(): void {
    this.#root.replaceChildren()
  }

  #add(className: string, cells: Record<string, string>): void {
    const row = document.createElement('li')
    row.className = className
    for (const [name, text] of Object.entries({ time: clock(), ...cells })) {
      const cell = document.createElement('span')
      cell.className = name
      cell.textContent = text
      row.append(cell, ' ')
    }
    this.#root.prepend(row)
    if (this.#root.childElementCount > CAPACITY) this.#root.lastElementChild?.remove()
  }
}

function clock(): string {
  return new Date().toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  })
}
