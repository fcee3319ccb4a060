import type { ErrorDetails, ErrorKind } from '../types.js'
import type { GraphQLFormattedError } from './types.js'

type Errors = readonly GraphQLFormattedError[] | undefined

/** The reason why an operation failed: the connection, the response, or errors from the server. */
export class GraphQLStreamError extends Error {
  override readonly name = 'GraphQLStreamError'
  /** As in the `error` events of the class: `"http"`, `"network"`, `"truncated"`, … `"application"`: reported by the server. */
  readonly kind: ErrorKind
  /** The GraphQL errors that the server sent, if any. */
  readonly errors: Errors
  /** The HTTP status, if the server refused the request. */
  readonly status: number | undefined

  /** `cause`: the `error` event, or the data that could not be parsed. */
  constructor({ kind, message, status }: Pick<ErrorDetails, 'kind' | 'message'> & Partial<ErrorDetails>, errors?: Errors, cause?: unknown) {
    super(errors?.[0]?.message ?? message, { cause })
    this.kind = kind
    this.errors = errors
    this.status = status
  }
}

/** The GraphQL errors in a server's message; `undefined` if there are none. */
export function errorsOf(value: unknown): Errors {
  const { errors } = Object(value) as { errors?: unknown }
  return Array.isArray(errors) ? errors as Errors : undefined
}

/** The error to throw when a source has failed. An abort reason is kept as it is. */
export function streamError(thrown: unknown, errors: Errors): unknown {
  const { cause } = Object(thrown) as { cause?: ErrorDetails }
  return cause?.willReconnect === undefined ? thrown : new GraphQLStreamError(cause, errors, cause)
}

/** @throws {@link GraphQLStreamError} if `data`, that of an event, is not JSON. */
export function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch (cause) {
    throw new GraphQLStreamError({ kind: 'application', message: 'the data of an event is no JSON' }, undefined, cause)
  }
}
