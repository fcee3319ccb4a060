import type { Opened } from './source.js'
import { errorsOf, GraphQLStreamError, parse } from './stream-error.js'
import type { ExecutionResult, GraphQLFormattedError } from './types.js'

type Message = MessageEvent<string>
type Result = IteratorResult<ExecutionResult, undefined>

/** The results of an operation that has a stream of its own. It begins at once, and reads no further than they are taken. */
export class Results implements AsyncIterableIterator<ExecutionResult, undefined> {
  readonly #opened: Opened
  readonly #messages: AsyncIterableIterator<Message, undefined>
  /** Asked for before anybody asks, so that nothing is missed. */
  #first: Promise<Result> | undefined

  constructor(opened: Opened) {
    this.#opened = opened
    this.#messages = opened.source.messages()
    this.#first = this.#take()
    // Whoever asks hears of it.
    this.#first.catch(() => {})
  }

  next(): Promise<Result> {
    const first = this.#first
    this.#first = undefined
    return first ?? this.#take()
  }

  async #take(): Promise<Result> {
    const { source, errorOf } = this.#opened
    try {
      for (;;) {
        const { done, value: message } = await this.#messages.next()
        if (done) return { done, value: undefined }
        const value = resultOf(message)
        if (value !== undefined) return { done: false, value }
      }
    } catch (thrown) {
      source.close()
      throw errorOf(thrown)
    }
  }

  /** Ends the operation. */
  async return(): Promise<Result> {
    this.#first = undefined
    this.#opened.source.close()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

/**
 * The result that a message of the distinct mode brings; `undefined` if it brings none. Old servers give results no name.
 *
 * @throws {@link GraphQLStreamError} if it is no JSON, or says that the operation has failed.
 */
function resultOf({ type, data }: Message): ExecutionResult | undefined {
  if (!/^(next|message|error)$/.test(type)) return undefined
  const value = parse(data)
  if (type === 'error') throw failure(value)
  const { payload = value } = Object(value) as { payload?: unknown }
  const result = Object(payload) as ExecutionResult
  return type === 'next' || 'data' in result || 'errors' in result ? result : undefined
}

function failure(value: unknown): GraphQLStreamError {
  const errors = errorsOf(value) ?? [value].flat() as readonly GraphQLFormattedError[]
  return new GraphQLStreamError({ kind: 'application', message: 'the server says that the operation has failed' }, errors)
}
