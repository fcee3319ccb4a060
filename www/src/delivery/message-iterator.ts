import { nextTask } from '../platform/task.js'
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
  readonly #begin: (iterator: MessageIterator) => void
  readonly #stop: (iterator: MessageIterator) => void
  #hasBegun = false
  #messages: Message[] = []
  #takers: Taker[] = []
  #hasEnded = false
  #error: Error | undefined
  #whenTaken: (() => void) | undefined
  #isDiscarded = false
  /** That of the last message that the consumer has taken. */
  lastEventId: string | undefined
  readonly #slice = new TimeSlice()

  /** `begin` is called when the consumer wants messages, `stop` when it has enough. */
  constructor(begin: (iterator: MessageIterator) => void, stop: (iterator: MessageIterator) => void) {
    this.#begin = begin
    this.#stop = stop
  }

  push(message: Message): void {
    const taker = this.#takers.shift()
    if (taker === undefined) this.#messages.push(message)
    else taker.resolve(this.#give(message))
  }

  #give(message: Message): Result {
    this.lastEventId = message.lastEventId
    return { done: false, value: message }
  }

  /** How many messages are here that the consumer has not taken. */
  get left(): number {
    return this.#messages.length
  }

  /** No message follows those that are here. */
  end(error?: Error): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#error = error
    const takers = this.#takers.splice(0)
    for (const taker of takers) this.#finish(taker)
  }

  /** Ends without the messages that are here. */
  discard(): void {
    this.#messages = []
    this.#whenTaken?.()
    this.#isDiscarded = true
    this.end()
  }

  /** Resolves when the consumer has taken what is here, or will never. */
  taken(): Promise<void> | undefined {
    if (this.#messages.length === 0) return undefined
    return new Promise((resolve) => { this.#whenTaken = resolve })
  }

  next(): Promise<Result> {
    if (!this.#hasBegun) {
      this.#hasBegun = true
      this.#begin(this)
    }
    const message = this.#messages.shift()
    if (message === undefined) return new Promise((resolve, reject) => this.#take({ resolve, reject }))
    if (this.#messages.length === 0) this.#whenTaken?.()
    const result = this.#give(message)
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
    this.#hasBegun = true
    this.#stop(this)
    this.discard()
    return Promise.resolve(DONE)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
