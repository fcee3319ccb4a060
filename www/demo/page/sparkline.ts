const CAPACITY = 80
const WIDTH = 100
const HEIGHT = 24

/** The last values as a line between their lowest and highest. */
export class Sparkline {
  readonly element = svg('svg')
  readonly #line = svg('polyline')
  readonly #values: number[] = []

  constructor() {
    this.element.setAttribute('viewBox', `0 -1 ${WIDTH} ${HEIGHT + 2}`)
    this.element.setAttribute('preserveAspectRatio', 'none')
    this.element.setAttribute('aria-hidden', 'true')
    this.element.append(this.#line)
  }

  add(value: number): void {
    this.#values.push(value)
    if (this.#values.length > CAPACITY) this.#values.shift()

    const lowest = Math.min(...this.#values)
    const range = Math.max(...this.#values) - lowest || 1
    const first = CAPACITY - this.#values.length
    const points = this.#values.map((point, index) => {
      const x = ((first + index) / (CAPACITY - 1)) * WIDTH
      const y = HEIGHT - ((point - lowest) / range) * HEIGHT
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    this.#line.setAttribute('points', points.join(' '))
  }
}

function svg<K extends keyof SVGElementTagNameMap>(name: K): SVGElementTagNameMap[K] {
  return document.createElementNS('http://www.w3.org/2000/svg', name)
}
