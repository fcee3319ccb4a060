/** One timer. A timer that is due too early is kept: one timer per chunk would cost more than a superfluous check. */
export class Alarm {
  readonly #ring: (dueMs: number) => void
  #timer: ReturnType<typeof setTimeout> | undefined
  /** When it is due, by the caller's clock; infinite while it is not set. */
  #dueMs = Infinity

  /** `ring` is called with the due time. */
  constructor(ring: (dueMs: number) => void) {
    this.#ring = ring
  }

  /** Makes it ring no later than `dueMs`, which is `waitMs` from now. */
  set(dueMs: number, waitMs: number): void {
    if (dueMs >= this.#dueMs) return
    this.clear()
    this.#dueMs = dueMs
    this.#timer = setTimeout(() => {
      this.#dueMs = Infinity
      this.#ring(dueMs)
    }, waitMs)
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#dueMs = Infinity
  }
}
