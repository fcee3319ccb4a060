import type { StreamError } from './types.js'

/** What can be thrown for it: an event is not an `Error`. */
export function errorOf(error: StreamError): Error {
  return error instanceof Error ? error : new Error(error.message, { cause: error })
}
