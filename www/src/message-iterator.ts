import { nextTask } from './task.js'
import { TimeSlice } from './time-slice.js'

type Message = MessageEvent<string>
type Result = IteratorResult<Message, undefined>

interface Taker {
  resolve(result: Result): void
  reject(error: unknown): void
}

const DONE: Result = { done: true, value: undefined }

/**
 * Takes the messages of a source from the first call of `next` on. Between two calls it keeps what one chunk of the
 * stream brought: the source reads no further until that is taken.
 */
export class MessageIterator implements AsyncIterableIterator<Message, undefined> {
  readonly #begin: (iterator: MessageIterator) => boolean
  readonly #stop: (iterator: MessageIterator) => void
  #hasBegun = false
  #messages: Message[] = []
  #takers: Taker[] = []
  #hasEnded = false
  #error: Error | undefined
  #whenTaken: (() => void) | undefined
  #isDiscarded = false
  readonly #slice = new TimeSlice()

  /** `begin` says whether there are messages to come. `stop` is called when the consumer has enough. */
  constructor(begin: (iterator: MessageIterator) => boolean, stop: (iterator: MessageIterator) => void) {
    this.#begin = begin
    this.#stop = stop
  }

  push(message: Message): void {
    const taker = this.#takers.shift()
    if (taker === undefined) this.#messages.push(message)
    else taker.resolve({ done: false, value: message })
  }

  /** No message follows those that are here. */
  end(error?: Error): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#error = error
    const takers = this.#takers.splice(0)
    for (const taker of takers) this.#finish(taker)
    this.#whenTaken?.()
  }

  /** Ends without the messages that are here. */
  discard(): void {
    this.#messages = []
    this.#isDiscarded = true
    this.end()
  }

  /** Resolves when the consumer has taken what is here, or will never. */
  taken(): Promise<void> | undefined {
    if (this.#messages.length === 0 || this.#hasEnded) return undefined
    return new Promise((resolve) => { this.#whenTaken = resolve })
  }

  next(): Promise<Result> {
    if (!this.#hasBegun) {
      this.#hasBegun = true
      if (!this.#begin(this)) this.end()
    }
    const message = this.#messages.shift()
    if (message === undefined) return new Promise((resolve, reject) => this.#take({ resolve, reject }))
    if (this.#messages.length === 0) this.#whenTaken?.()
    const result: Result = { done: false, value: message }
    // A loop runs in microtasks: nothing else lets other tasks have their turn.
    return this.#slice.isOver() ? nextTask().then(() => (this.#isDiscarded ? DONE : result)) : Promise.resolve(result)
  }

  #take(taker: Taker): void {
    if (this.#hasEnded) this.#finish(taker)
    else this.#takers.push(taker)
  }

  #finish({ resolve, reject }: Taker): void {
    const error = this.#error
    this.#error = undefined
    if (error === undefined) resolve(DONE)
    else reject(error)
  }

  /** What leaving a `for await` loop calls. */
  return(): Promise<Result> {
    this.discard()
    this.#hasBegun = true
    this.#stop(this)
    return Promise.resolve(DONE)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
