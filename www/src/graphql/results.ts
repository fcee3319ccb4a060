import { eager } from './iterator.js'
import type { Opened } from './source.js'
import { errorsOf, GraphQLStreamError, parse } from './stream-error.js'
import type { ExecutionResult, GraphQLFormattedError } from './types.js'

type Message = MessageEvent<string>
export type Results = AsyncIterableIterator<ExecutionResult, undefined>

/** The results of an operation with its own stream. A slow consumer applies backpressure. */
export function resultsOf(opened: Opened): Results {
  return eager(taken(opened), () => opened.source.close())
}

async function* taken(opened: Opened): AsyncGenerator<ExecutionResult, undefined, undefined> {
  try {
    for await (const message of opened.source.messages()) {
      let result
      try {
        result = resultOf(message)
      } catch (error) {
        throw opened.failure = error
      }
      if (result !== undefined) yield result
    }
  } catch (thrown) {
    throw opened.errorOf(thrown)
  }
  return undefined
}

/**
 * The result in a message of the distinct mode; `undefined` if there is none. Old servers send results without a type.
 *
 * @throws {@link GraphQLStreamError} if it is not JSON, or says that the operation has failed.
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
