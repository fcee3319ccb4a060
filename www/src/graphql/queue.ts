interface Taker<Value> {
  resolve(result: IteratorResult<Value, undefined>): void
  reject(error: unknown): void
}

const DONE = { done: true, value: undefined } as const

/** Values for a loop that comes for them when it likes. It knows no bound. */
export class Queue<Value> implements AsyncIterableIterator<Value, undefined> {
  readonly #left: () => void
  #values: Value[] = []
  #takers: Taker<Value>[] = []
  #isOver = false
  /** For the one who asks first. */
  #error: unknown

  /** `left` is called when the loop leaves before the end. */
  constructor(left: () => void) {
    this.#left = left
  }

  push(value: Value): void {
    const taker = this.#takers.shift()
    if (taker === undefined) this.#values.push(value)
    else taker.resolve({ done: false, value })
  }

  /** No value follows. */
  end(error?: unknown): void {
    this.#isOver = true
    this.#error = error
    for (const taker of this.#takers.splice(0)) this.#finish(taker)
  }

  next(): Promise<IteratorResult<Value, undefined>> {
    return new Promise((resolve, reject) => {
      if (this.#values.length > 0) resolve({ done: false, value: this.#values.shift() as Value })
      else if (this.#isOver) this.#finish({ resolve, reject })
      else this.#takers.push({ resolve, reject })
    })
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.#values = []
    if (!this.#isOver) {
      this.end()
      this.#left()
    }
    return DONE
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #finish({ resolve, reject }: Taker<Value>): void {
    const error = this.#error
    this.#error = undefined
    if (error === undefined) resolve(DONE)
    else reject(error)
  }
}
