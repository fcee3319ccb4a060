import type { ErrorDetails, ErrorKind } from '../types.js'
import type { GraphQLFormattedError } from './types.js'

type Errors = readonly GraphQLFormattedError[] | undefined

/** Why an operation has failed: the connection, the answer, or what the server says about either. */
export class GraphQLStreamError extends Error {
  override readonly name = 'GraphQLStreamError'
  /** As in the `error` events of the class: `"http"`, `"network"`, `"truncated"`, … `"application"`: the server's word. */
  readonly kind: ErrorKind
  /** What the server says, if it says that in GraphQL. */
  readonly errors: Errors
  /** The HTTP status, where the server has refused the request. */
  readonly status: number | undefined

  constructor(message: string, kind: ErrorKind, { errors, status, cause }: { errors?: Errors, status?: number | undefined, cause?: unknown }) {
    super(errors?.[0]?.message ?? message, { cause })
    this.kind = kind
    this.errors = errors
    this.status = status
  }
}

/** The GraphQL errors in what a server has sent; `undefined` if there are none. */
export function errorsOf(value: unknown): Errors {
  const { errors } = Object(value) as { errors?: unknown }
  return Array.isArray(errors) ? errors as Errors : undefined
}

/** What is thrown for what a source has failed with. The reason of an abort stays what it is. */
export function streamError(thrown: unknown, errors: Errors): unknown {
  const cause = Object(Object(thrown).cause) as Partial<ErrorDetails>
  if (thrown instanceof GraphQLStreamError || cause.willReconnect === undefined) return thrown
  return endedBy(cause as ErrorDetails, errors)
}

export function endedBy(details: ErrorDetails, errors?: Errors): GraphQLStreamError {
  return new GraphQLStreamError(details.message, details.kind, { errors, status: details.status, cause: details })
}
