/** Why the request of an attempt is made. */
export type AttemptReason = 'open' | 'network' | 'end' | 'request'

/** What functions for `headers` and `body` are called with, once for every attempt. */
export interface Attempt {
  /** 0 for the first request, then counted up until an attempt announces the connection. */
  readonly attempt: number
  /** The last event ID string, empty if there is none. */
  readonly lastEventId: string
  readonly reason: AttemptReason
  /** Aborted when the source is closed. */
  readonly signal: AbortSignal
}

type PerAttempt<T> = T | ((attempt: Attempt) => T | PromiseLike<T>)

/** The part of `RequestInit` that makes sense for a stream. */
type Passthrough = Pick<
  RequestInit,
  'credentials' | 'integrity' | 'keepalive' | 'mode' | 'priority' | 'redirect' | 'referrer' | 'referrerPolicy'
>

/** The second argument of the constructor. Everything but `withCredentials` goes beyond HTML 9.2.2. */
export interface EventSourceInit extends Passthrough {
  /** Sends cookies cross-origin: `credentials` is `"include"` instead of `"same-origin"`. Default `false`. */
  withCredentials?: boolean
  /** Default `"GET"`. Any other method is not repeated blindly, see "Reconnecting" in the README. */
  method?: string
  /** `Accept` and `Last-Event-ID` are added to these. A function is called for every attempt. */
  headers?: PerAttempt<HeadersInit>
  /** Any `BodyInit`. A function is called for every attempt; a `ReadableStream` without one is sent once. */
  body?: PerAttempt<BodyInit | null>
  /** Aborting it closes the source. */
  signal?: AbortSignal
  /** Used instead of `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch
  /** The last event ID string to begin with, sent with the first request. */
  lastEventId?: string
  /** `"light"` (default) or `"platform"`: whether messages are real `MessageEvent`s, ten times slower. */
  events?: 'light' | 'platform'
  limits?: {
    /** Bytes of one event, its unfinished line included. Beyond it the source fails. Default 16 MiB. */
    maxEventBytes?: number
  }
}

/** What went wrong, on the `error` event. */
export type ErrorKind =
  /** The request failed or the body broke off. */
  | 'network'
  /** The server ended the event stream. */
  | 'end'
  /** A `headers` or `body` function of the init threw or rejected. */
  | 'request'
  /** The status was not 200. */
  | 'http'
  /** The content type was not `text/event-stream`. */
  | 'mime'
  /** An event was larger than `limits.maxEventBytes`. */
  | 'limit'
  /** WebAssembly could not be compiled here, or failed. */
  | 'wasm'

/** The events of an `EventSource` whose event types carry string data; `T` maps event types to data. */
export type EventSourceEventMap<T extends Record<string, string> = Record<never, never>> = {
  open: Event
  error: EventSourceErrorEvent
  message: MessageEvent<string>
} & { [K in keyof T]: MessageEvent<T[K]> }

/** The `error` event: the platform's `Event` plus what is known of the cause. */
export interface EventSourceErrorEvent extends Event {
  readonly kind: ErrorKind
  /** One sentence for a log. */
  readonly message: string
  /** The HTTP status, when a response arrived. */
  readonly status: number | undefined
  /** The number of the attempt that failed, 0 for the first. */
  readonly attempt: number
  /** Whether the source reconnects by itself. The same as `readyState === CONNECTING`. */
  readonly willReconnect: boolean
  /** Milliseconds until the next request, when there will be one. */
  readonly delayMs: number | undefined
  /** What fetch, a stream or a function of the init threw. */
  readonly cause: unknown
}
