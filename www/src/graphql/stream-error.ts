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

  /** `cause`: the `error` event, or what could not be understood. */
  constructor({ kind, message, status }: Pick<ErrorDetails, 'kind' | 'message'> & Partial<ErrorDetails>, errors?: Errors, cause?: unknown) {
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
  const { cause } = Object(thrown) as { cause?: ErrorDetails }
  return cause?.willReconnect === undefined ? thrown : new GraphQLStreamError(cause, errors, cause)
}

/** @throws {@link GraphQLStreamError} if `data`, that of an event, is no JSON. */
export function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch (cause) {
    throw new GraphQLStreamError({ kind: 'application', message: 'the data of an event is no JSON' }, undefined, cause)
  }
}
