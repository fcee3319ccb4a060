import { oncePerFrame } from './once-per-frame.js'

const CAPACITY = 100

interface Entry {
  className: string
  cells: Record<string, string>
}

/** What happened on a stream, newest first. Rows are made once per frame, and only those that are kept. */
export class EventLog {
  readonly #root: Element
  readonly #show = oncePerFrame(() => this.#render())
  #entries: Entry[] = []

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
    this.#entries = []
    this.#root.replaceChildren()
  }

  #add(className: string, cells: Record<string, string>): void {
    this.#entries.push({ className, cells: { time: clock(), ...cells } })
    if (this.#entries.length > 2 * CAPACITY) this.#entries.splice(0, CAPACITY)
    this.#show()
  }

  #render(): void {
    const rows = this.#entries.slice(-CAPACITY).reverse().map(rowOf)
    this.#entries = []
    this.#root.prepend(...rows)
    while (this.#root.childElementCount > CAPACITY) this.#root.lastElementChild?.remove()
  }
}

function rowOf({ className, cells }: Entry): HTMLElement {
  const row = document.createElement('li')
  row.className = className
  for (const [name, text] of Object.entries(cells)) {
    const cell = document.createElement('span')
    cell.className = name
    cell.textContent = text
    row.append(cell, ' ')
  }
  return row
}

const format = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

function clock(): string {
  return format.format(new Date())
}
