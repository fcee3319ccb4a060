export type State = 'connecting' | 'open' | 'waiting' | 'closed' | 'complete'

/** The state of a stream; while waiting, with the time that is left. */
export class Pill {
  readonly #root: HTMLElement
  readonly #onRequest: () => void
  #countdown: ReturnType<typeof setInterval> | undefined
  #end: ReturnType<typeof setTimeout> | undefined

  /** `onRequest` is called when a wait is over. */
  constructor(root: HTMLElement, onRequest: () => void) {
    this.#root = root
    this.#onRequest = onRequest
  }

  show(state: Exclude<State, 'waiting'>): void {
    this.#stop()
    this.#render(state, state)
  }

  /** Counts down to the next request. */
  wait(delayMs: number): void {
    this.#stop()
    this.#render('waiting', 'waiting')
    if (delayMs === Infinity) return
    const until = performance.now() + delayMs
    const tick = () => this.#render('waiting', `waiting ${(Math.max(until - performance.now(), 0) / 1000).toFixed(1)} s`)
    tick()
    this.#countdown = setInterval(tick, 100)
    this.#end = setTimeout(() => {
      this.show('connecting')
      this.#onRequest()
    }, delayMs)
  }

  #stop(): void {
    clearInterval(this.#countdown)
    clearTimeout(this.#end)
  }

  #render(state: State, text: string): void {
    this.#root.dataset['state'] = state
    this.#root.textContent = text
  }
}
