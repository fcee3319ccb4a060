const SVG = 'http://www.w3.org/2000/svg'

/** A row of bars. The highest reaches the top, unless there is a value that stands for the top. */
export class Bars {
  readonly element = document.createElementNS(SVG, 'svg')
  readonly #bars: readonly SVGRectElement[]

  constructor(count: number) {
    this.element.setAttribute('viewBox', `0 0 ${count} 1`)
    this.element.setAttribute('preserveAspectRatio', 'none')
    this.element.setAttribute('aria-hidden', 'true')
    this.#bars = Array.from({ length: count }, (_, index) => {
      const bar = document.createElementNS(SVG, 'rect')
      bar.setAttribute('x', String(index + 0.1))
      bar.setAttribute('width', '0.8')
      return bar
    })
    this.element.append(...this.#bars)
  }

  show(values: readonly number[], top = 1): void {
    const highest = Math.max(...values, top)
    for (const [index, bar] of this.#bars.entries()) {
      const height = (values[index] ?? 0) / highest
      bar.setAttribute('y', String(1 - height))
      bar.setAttribute('height', String(height))
    }
  }
}
