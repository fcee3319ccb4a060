/** Upper bounds of the classes in ms; what is longer belongs to one more. */
export const BOUNDS_MS = [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256]

const KEPT = 2000

/** How long the latest events were under way. */
export class Latency {
  #samples = new Float64Array(KEPT)
  #count = 0

  add(ms: number): void {
    // Two processes read the clock, so the result may be slightly negative.
    this.#samples[this.#count % KEPT] = Math.max(ms, 0)
    this.#count += 1
  }

  /** The count in each class, the median and the 99th percentile. */
  summary(): { classes: number[]; median: number; slowest: number } | undefined {
    if (this.#count === 0) return undefined
    const sorted = this.#samples.slice(0, Math.min(this.#count, KEPT)).sort()
    const classes = Array.from({ length: BOUNDS_MS.length + 1 }, () => 0)
    for (const sample of sorted) {
      const above = BOUNDS_MS.findIndex(bound => sample <= bound)
      const index = above === -1 ? BOUNDS_MS.length : above
      classes[index] = (classes[index] ?? 0) + 1
    }
    const quantile = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
    return { classes, median: quantile(0.5), slowest: quantile(0.99) }
  }

  clear(): void {
    this.#count = 0
  }
}
