const SVG = 'http://www.w3.org/2000/svg'
const BIN_MS = 250

/** How many events came in each quarter of a second, in the colours of their connections. */
export class EventDensity {
  readonly element = document.createElementNS(SVG, 'svg')
  readonly #bins: number
  /** By bin: how many events, and of which connection. */
  #counts = new Map<number, { events: number; connection: number }>()
  readonly #paths = { odd: path('odd'), even: path('even') }

  constructor(windowMs: number) {
    this.#bins = windowMs / BIN_MS
    this.element.setAttribute('class', 'density')
    this.element.setAttribute('viewBox', `0 0 ${this.#bins} 1`)
    this.element.setAttribute('preserveAspectRatio', 'none')
    this.element.append(this.#paths.odd, this.#paths.even)
  }

  add(now: number, connection: number): void {
    const bin = Math.floor(now / BIN_MS)
    const count = this.#counts.get(bin)
    if (count === undefined) this.#counts.set(bin, { events: 1, connection })
    else count.events += 1
  }

  clear(): void {
    this.#counts.clear()
  }

  draw(now: number): void {
    const start = now / BIN_MS - this.#bins
    for (const bin of this.#counts.keys()) if (bin < start - 1) this.#counts.delete(bin)

    const highest = Math.max(...[...this.#counts.values()].map(({ events }) => events), 1)
    const bars = { odd: '', even: '' }
    for (const [bin, { events, connection }] of this.#counts) {
      const x = (bin - start + 0.5).toFixed(3)
      bars[connection % 2 === 0 ? 'even' : 'odd'] += `M${x} 1V${(1 - events / highest).toFixed(3)}`
    }
    this.#paths.odd.setAttribute('d', bars.odd)
    this.#paths.even.setAttribute('d', bars.even)
  }
}

function path(className: string): SVGPathElement {
  const element = document.createElementNS(SVG, 'path')
  element.setAttribute('class', className)
  return element
}
