import { eager } from './iterator.js'
import type { Opened } from './source.js'
import { errorsOf, GraphQLStreamError, parse } from './stream-error.js'
import type { ExecutionResult, GraphQLFormattedError } from './types.js'

type Message = MessageEvent<string>
export type Results = AsyncIterableIterator<ExecutionResult, undefined>

/** The results of an operation that has a stream of its own, which is read no further than they are taken. */
export function resultsOf(opened: Opened): Results {
  return eager(taken(opened), () => opened.source.close())
}

async function* taken({ source, errorOf }: Opened): AsyncGenerator<ExecutionResult, undefined, undefined> {
  try {
    for await (const message of source.messages()) {
      const result = resultOf(message)
      if (result !== undefined) yield result
    }
  } catch (thrown) {
    throw errorOf(thrown)
  }
  return undefined
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
