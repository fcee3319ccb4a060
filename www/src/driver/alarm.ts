/** One timer. One that goes off earlier than asked for stays: a timer per chunk would cost more than a look too many. */
export class Alarm {
  readonly #ring: (dueMs: number) => void
  #timer: ReturnType<typeof setTimeout> | undefined
  /** When it goes off, by the clock that it is set by; infinite while it is not set. */
  #dueMs = Infinity

  /** `ring` is called with the time that it was set to. */
  constructor(ring: (dueMs: number) => void) {
    this.#ring = ring
  }

  /** Makes it go off at `dueMs`, which is `waitMs` from now, if not before. */
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
