import { showAs } from '../platform/inspect.js'
import type { ErrorDetails, ErrorKind } from '../types.js'

/** Importing must work where there is no `Event`; constructing a source does not. */
const PlatformEvent: typeof Event = globalThis.Event ?? class {}

/** Members that `console.log` shows on a server. */
const SHOWN = ['type', 'kind', 'status', 'message', 'bodySnippet', 'attempt', 'willReconnect', 'delayMs', 'cause']

/**
 * The `error` event: a platform `Event` with details of the cause.
 *
 * @example
 * source.addEventListener('error', (event) => console.log(event.message))
 */
export class EventSourceErrorEvent extends PlatformEvent implements ErrorDetails {
  readonly kind: ErrorKind
  readonly message: string
  readonly status: number | undefined
  readonly headers: Headers | undefined
  readonly bodySnippet: string | undefined
  readonly attempt: number
  readonly willReconnect: boolean
  readonly delayMs: number | undefined
  readonly cause: unknown

  constructor(details: ErrorDetails) {
    super('error')
    this.kind = details.kind
    this.message = details.message
    this.status = details.status
    this.headers = details.headers
    this.bodySnippet = details.bodySnippet
    this.attempt = details.attempt
    this.willReconnect = details.willReconnect
    this.delayMs = details.delayMs
    this.cause = details.cause
  }

  /** The status, under the name that the package `eventsource` uses. */
  get code(): number | undefined {
    return this.status
  }

  static {
    showAs(this.prototype, 'EventSourceErrorEvent', SHOWN)
  }
}
