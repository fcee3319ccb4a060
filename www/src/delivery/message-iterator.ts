import { nextTask } from '../platform/task.js'
import type { Backlog } from './backlog.js'
import type { Consumers } from './consumers.js'
import { TimeSlice } from './time-slice.js'

type Message = MessageEvent<string>
type Result = IteratorResult<Message, undefined>

interface Taker {
  resolve(result: Result): void
  reject(error: unknown): void
}

const DONE: Result = { done: true, value: undefined }

/**
 * Receives the messages of a source from the first call of `next` on. Between calls it buffers the messages of one chunk;
 * the source reads on only when they are taken.
 */
export class MessageIterator implements AsyncIterableIterator<Message, undefined> {
  readonly #consumers: Consumers
  readonly #preventClose: boolean
  /** Set once the consumer wants messages. */
  #backlog: Backlog | undefined
  #takers: Taker[] = []
  /** Yields no more: the consumer has left, or the source was closed. */
  #isOver = false
  #isDiscarded = false
  /** The source has ended. */
  #hasEnded = false
  #error: unknown
  /** A message is waiting for its task. */
  #isHandingOver = false
  readonly #slice = new TimeSlice()

  constructor(consumers: Consumers, preventClose: boolean) {
    this.#consumers = consumers
    this.#preventClose = preventClose
  }

  /** A message has arrived. */
  offer(): void {
    const taker = this.#takers.shift()
    const message = taker && this.#backlog?.give()
    if (message !== undefined) taker?.resolve({ done: false, value: message })
  }

  /** No more messages arrive. */
  end(error: unknown): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#error = error
    for (const taker of this.#takers.splice(0)) this.#finish(taker)
  }

  /** Ends and drops the buffered messages. */
  discard(): void {
    this.#isOver = this.#isDiscarded = true
    this.#backlog?.clear()
    this.end(undefined)
  }

  next(): Promise<Result> {
    const message = this.#isOver ? undefined : this.#take()
    if (message === undefined) return new Promise((resolve, reject) => this.#wait({ resolve, reject }))
    const result: Result = { done: false, value: message }
    // A loop runs in microtasks: without this, other tasks would starve.
    if (!this.#slice.isOver()) return Promise.resolve(result)
    this.#isHandingOver = true
    return nextTask().then(() => {
      this.#isHandingOver = false
      return this.#isDiscarded ? DONE : result
    })
  }

  #take(): Message | undefined {
    this.#backlog ??= this.#consumers.begin(this)
    if (this.#backlog.receive()) this.#consumers.received()
    const message = this.#backlog.give()
    this.#consumers.check()
    return message
  }

  #wait(taker: Taker): void {
    if (this.#hasEnded || this.#isOver) this.#finish(taker)
    else this.#takers.push(taker)
  }

  #finish({ resolve, reject }: Taker): void {
    const error = this.#error
    this.#error = undefined
    if (error === undefined) resolve(DONE)
    else reject(error)
  }

  /** Called when a `for await` loop is left. */
  return(): Promise<Result> {
    if (this.#isOver) return Promise.resolve(DONE)
    this.#isOver = true
    if (!this.#isHandingOver && this.#backlog?.receive()) this.#consumers.received()
    if (this.#preventClose) this.#consumers.leave(this)
    else this.#consumers.source.close()
    this.end(undefined)
    this.#error = undefined
    return Promise.resolve(DONE)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
