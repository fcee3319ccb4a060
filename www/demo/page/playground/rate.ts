/** Counts events by the second. */
export class Rate {
  readonly #seconds: number
  #counts = new Map<number, number>()

  /** Remembers this many seconds. */
  constructor(seconds: number) {
    this.#seconds = seconds
  }

  add(now: number): void {
    const second = Math.floor(now / 1000)
    this.#counts.set(second, (this.#counts.get(second) ?? 0) + 1)
  }

  /** The counts of the whole seconds before now, oldest first. */
  history(now: number): number[] {
    const current = Math.floor(now / 1000)
    for (const second of this.#counts.keys()) if (second < current - this.#seconds) this.#counts.delete(second)
    return Array.from({ length: this.#seconds }, (_, index) => this.#counts.get(current - this.#seconds + index) ?? 0)
  }

  clear(): void {
    this.#counts.clear()
  }
}
