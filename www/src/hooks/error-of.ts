import type { StreamError } from './types.js'

/** A throwable `Error` for it: an event is none. */
export function errorOf(error: StreamError): Error {
  return error instanceof Error ? error : new Error(error.message, { cause: error })
}
