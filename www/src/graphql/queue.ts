import { eager } from './iterator.js'

/** An unbounded queue of values for a loop. */
export class Queue<Value> {
  readonly results: AsyncIterableIterator<Value, undefined>
  #values: Value[] = []
  #isOver = false
  #error: unknown
  #wake = (): void => {}

  /** `left` is called when the loop leaves before the end. */
  constructor(left: () => void) {
    this.results = eager(this.#drain(), () => {
      this.#values = []
      if (!this.#isOver) left()
      this.end()
    })
  }

  push(value: Value): void {
    this.#values.push(value)
    this.#wake()
  }

  /** No value follows. */
  end(error?: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#error = error
    this.#wake()
  }

  async *#drain(): AsyncGenerator<Value, undefined, undefined> {
    for (;;) {
      while (this.#values.length > 0) yield this.#values.shift() as Value
      if (this.#isOver) break
      await new Promise<void>((resolve) => { this.#wake = resolve })
    }
    if (this.#error !== undefined) throw this.#error
    return undefined
  }
}
