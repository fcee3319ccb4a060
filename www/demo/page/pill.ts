export type State = 'connecting' | 'open' | 'waiting' | 'closed' | 'complete'

/** The state of a stream; while waiting, with the time that is left. */
export class Pill {
  readonly #root: HTMLElement
  #timer: ReturnType<typeof setInterval> | undefined
  readonly #onChange: (state: State) => void
  state: State = 'connecting'

  constructor(root: HTMLElement, onChange: (state: State) => void) {
    this.#root = root
    this.#onChange = onChange
  }

  show(state: Exclude<State, 'waiting'>): void {
    clearInterval(this.#timer)
    this.#render(state, state)
  }

  /** Counts down to the next request, and is `connecting` from then on. */
  wait(delayMs: number): void {
    clearInterval(this.#timer)
    const until = performance.now() + delayMs
    const tick = () => {
      const leftMs = until - performance.now()
      if (leftMs <= 0) this.show('connecting')
      else this.#render('waiting', `waiting ${(leftMs / 1000).toFixed(1)} s`)
    }
    this.#timer = setInterval(tick, 100)
    tick()
  }

  #render(state: State, text: string): void {
    this.#root.dataset['state'] = state
    this.#root.textContent = text
    if (state === this.state) return
    this.state = state
    this.#onChange(state)
  }
}
