import { errorsOf, GraphQLStreamError } from './stream-error.js'
import type { ExecutionResult, GraphQLFormattedError } from './types.js'
import type { Opened } from './source.js'

type Message = MessageEvent<string>

/** The results of an operation that has a stream of its own. It begins at once, and reads no further than they are taken. */
export class Results implements AsyncIterableIterator<ExecutionResult, undefined> {
  readonly #opened: Opened
  readonly #messages: AsyncIterableIterator<Message, undefined>
  /** Asked for before anybody asks, so that nothing is missed. */
  #first: Promise<IteratorResult<ExecutionResult, undefined>> | undefined

  constructor(opened: Opened) {
    this.#opened = opened
    this.#messages = opened.source.messages()
    this.#first = this.#take()
    // Whoever asks hears of it.
    this.#first.catch(() => {})
  }

  next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    const first = this.#first
    this.#first = undefined
    return first ?? this.#take()
  }

  async #take(): Promise<IteratorResult<ExecutionResult, undefined>> {
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
  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
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
  const { payload } = Object(value) as { payload?: unknown }
  const result = Object(payload ?? value) as ExecutionResult
  return type === 'next' || 'data' in result || 'errors' in result ? result : undefined
}

/** @throws {@link GraphQLStreamError} if `data` is no JSON. */
export function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch (cause) {
    throw new GraphQLStreamError('the data of an event is no JSON', 'application', { cause })
  }
}

function failure(value: unknown): GraphQLStreamError {
  const one = (errorsOf(value) ?? (Array.isArray(value) ? value : [value])) as readonly GraphQLFormattedError[]
  return new GraphQLStreamError('the server says that the operation has failed', 'application', { errors: one })
}
