/** Counts the frames that the page gets to draw, and the longest time between two of them. */
export class FrameMeter {
  #frames = 0
  #longestMs = 0
  #last = 0
  #request = 0

  start(): void {
    this.#last = performance.now()
    this.#request = requestAnimationFrame(() => this.#frame())
  }

  stop(): void {
    cancelAnimationFrame(this.#request)
  }

  /** What happened since the last call. */
  take(): { frames: number; longestMs: number } {
    const taken = { frames: this.#frames, longestMs: this.#longestMs }
    this.#frames = 0
    this.#longestMs = 0
    return taken
  }

  #frame(): void {
    const now = performance.now()
    this.#frames += 1
    this.#longestMs = Math.max(this.#longestMs, now - this.#last)
    this.#last = now
    this.#request = requestAnimationFrame(() => this.#frame())
  }
}
