/** One timer. One that goes off earlier than asked for stays: a timer per chunk would cost more than a look too many. */
export class Alarm {
  readonly #ring: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  /** When it goes off; infinite while it is not set. */
  #dueMs = Infinity

  constructor(ring: () => void) {
    this.#ring = ring
  }

  /** Makes it go off after `waitMs` at most. */
  set(waitMs: number): void {
    if (waitMs === Infinity) return
    const dueMs = performance.now() + waitMs
    if (dueMs >= this.#dueMs) return
    clearTimeout(this.#timer)
    this.#dueMs = dueMs
    this.#timer = setTimeout(() => {
      this.#dueMs = Infinity
      this.#ring()
    }, waitMs)
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#dueMs = Infinity
  }
}
