/** Why an attempt is made: `"open"` for the first, or the error that ended the previous one. */
export type AttemptReason = 'open' | ErrorKind

/** The argument of `headers` and `body` functions, which are called once per request. */
export interface Attempt {
  /** Counts requests from 0, until a connection opens; with `reconnect`, until one is stable. */
  readonly attempt: number
  /** The last event ID string, empty if there is none. */
  readonly lastEventId: string
  readonly reason: AttemptReason
  /** Aborts when this attempt ends or the source is closed. */
  readonly signal: AbortSignal
}

type PerAttempt<T> = T | ((attempt: Attempt) => T | PromiseLike<T>)

// Without the DOM in `lib`, these have other names, or none.
type RequestOptions = NonNullable<Parameters<typeof globalThis.fetch>[1]>
type HeadersInit = NonNullable<ConstructorParameters<typeof Headers>[0]>
export type BodyInit = NonNullable<ConstructorParameters<typeof Response>[0]>

/** A message: a `MessageEvent` whose data is of type `Data`. */
export interface TypedMessageEvent<Data> extends MessageEvent {
  readonly data: Data
}

/** The part of `RequestInit` that makes sense for a stream. */
interface Passthrough {
  credentials?: RequestOptions['credentials'] | undefined
  integrity?: string | undefined
  keepalive?: boolean | undefined
  mode?: RequestOptions['mode'] | undefined
  priority?: 'auto' | 'high' | 'low' | undefined
  redirect?: RequestOptions['redirect'] | undefined
  referrer?: string | undefined
  referrerPolicy?: RequestOptions['referrerPolicy'] | undefined
}

/** The second argument of the constructor. Everything but `withCredentials` goes beyond HTML 9.2.2. */
export interface EventSourceInit extends Passthrough {
  /** Sends cookies cross-origin: `credentials` is `"include"` instead of `"same-origin"`. Default `false`. HTML 9.2.2. */
  withCredentials?: boolean | undefined
  /** Default `"GET"`, or `"POST"` with `json`. A POST is repeated only when that is known to be safe, see `reconnect.replay`. */
  method?: string | undefined
  /**
   * `Accept` and `Last-Event-ID` are added to these. A function is called for every attempt; if it throws or rejects, the
   * attempt fails with kind `"request"` and the source tries again.
   *
   * @throws `TypeError` from the constructor if a name or value is not valid in a header.
   */
  headers?: PerAttempt<HeadersInit> | undefined
  /**
   * Any `BodyInit`. A function is called for every attempt; a `ReadableStream` that is given directly is sent once.
   *
   * @throws `TypeError` from the constructor if it is a plain object, or the method takes no body.
   */
  body?: PerAttempt<BodyInit | null> | undefined
  /**
   * Instead of `body`: a value sent as JSON, with its content type and by default as `POST`. A function is called for
   * every attempt.
   *
   * @example
   * new EventSource('/graphql', { json: { query } })
   */
  json?: object | string | number | boolean | null | ((attempt: Attempt) => unknown) | undefined
  /** Aborting it closes the source: loops throw the abort reason, and `closed` rejects with it. */
  signal?: AbortSignal | null | undefined
  /** Replaces `globalThis.fetch`. It receives `headers` as a plain object and must pass them on. */
  fetch?: typeof globalThis.fetch | undefined
  /**
   * The initial last event ID string, sent with the first request. Default `""`.
   *
   * @throws `TypeError` from the constructor if it contains CR, LF or NUL.
   */
  lastEventId?: string | undefined
  /** `"platform"` dispatches real `MessageEvent`s, ten times slower for short events. Default `"light"`. */
  events?: 'light' | 'platform' | undefined
  limits?: LimitOptions | undefined
  /**
   * Default: GET reconnects as in HTML 9.2.3, other methods only where nothing is repeated blindly. `true` or an object
   * adds backoff with jitter, retries after transient HTTP statuses, `Retry-After`, and network and page signals.
   * `false`: never reconnects. See `docs/reconnecting.md`.
   */
  reconnect?: boolean | ReconnectOptions | undefined
  timeouts?: TimeoutOptions | undefined
  /**
   * Returns whether this message is the last one. If so, the source closes without an `error` event; an earlier end of the
   * stream is an error of kind `"truncated"`. `"ending"`: the stream may end from here on. An `Error` fails the source
   * with kind `"application"`. A promise is reported and otherwise ignored.
   *
   * @example
   * new EventSource('/chat', { method: 'POST', body, complete: ({ data }) => data === '[DONE]' })
   */
  complete?: ((message: TypedMessageEvent<string>) => boolean | 'ending' | Error | undefined | void) | undefined
  /**
   * Called with every comment of the event stream, in order with the messages. The text follows the colon of its line; as
   * in a field, one leading space is removed. A comment inside an event comes before the event. Exceptions are reported;
   * the stream continues.
   */
  onComment?: ((comment: string) => void) | undefined
  /**
   * How the last event ID is sent: in the `Last-Event-ID` header (default), which a cross-origin server must allow; in the
   * query parameter `lastEventId`; or by a function that modifies its argument. The function is called for every request
   * after a message, even without a last event ID. If it changes the method to GET, the request may be repeated.
   *
   * @example
   * new EventSource(hub, { resume: ({ url, lastEventId }) => url.searchParams.set('lastEventID', lastEventId) })
   */
  resume?: 'header' | 'query' | ((request: ResumeRequest) => void | PromiseLike<void>) | undefined
  /** Persists the last event ID beyond the page. See `eventsource-wasm/session-store`. */
  store?: LastEventIdStore | undefined
  /** Drops messages that repeat the ID of one of the last `dedupe` messages. From 1 to 1,000,000. Off by default. */
  dedupe?: number | undefined
  /** For servers that deviate from the format. */
  interpret?: InterpretOptions | undefined
  /**
   * Called after the fact with what happens on the connection: once per chunk, not per event. Exceptions are reported.
   * See `eventsource-wasm/trace`.
   */
  trace?: ((entry: TraceEntry) => unknown) | undefined
}

/** The argument of a `resume` function, which may modify it. */
export interface ResumeRequest {
  url: URL
  headers: Headers
  method: string
  body: BodyInit | null | undefined
  /** The last event ID string, empty if there is none. */
  readonly lastEventId: string
  readonly lastMessage: TypedMessageEvent<string> | undefined
  /** The response headers of the connection that delivered `lastMessage`. */
  readonly responseHeaders: Headers | undefined
}

/** Both are off by default, as HTML 9.2.6 requires. */
export interface InterpretOptions {
  /** Dispatches an event with a type and no data, with empty data: GraphQL servers send `event: complete` that way. */
  emptyEvents?: boolean | undefined
  /** The end of the stream also dispatches a pending event that has data. */
  unterminated?: boolean | undefined
}

/** How a source ended. */
export type Ending = 'complete' | 'end' | 'close'

/**
 * Stores the ID of the last message that all consumers have received. A listener has received it when it returns, a
 * `messages()` loop when it asks for the next one. Both functions may return a promise: the first request waits for
 * `get`, and calls of `set` wait for the previous one to settle.
 */
export interface LastEventIdStore {
  get(): string | null | undefined | PromiseLike<string | null | undefined>
  /** Called when the ID has changed: after a chunk, in a loop after a message, and at `close()`. */
  set(lastEventId: string): unknown
}

export interface MessagesOptions {
  /** Leaving the loop does not close the source; the next loop continues with the following message. */
  preventClose?: boolean | undefined
}

export interface LimitOptions {
  /** Bytes per event, unfinished line included. Beyond it the source fails with kind `"limit"`. Default 16 MiB, at most 512 MiB. */
  maxEventBytes?: number | undefined
}

export interface ReconnectOptions {
  /**
   * `"safe"` (default): repeats idempotent methods always; others, such as POST, only after a message with an ID, and not
   * after a clean end of the stream. `"always"`: repeats any method.
   */
  replay?: 'safe' | 'always' | undefined
  /**
   * Consecutive failures after which the source waits until the network or the page is back, or `reconnect()` is called.
   * Default `Infinity`.
   */
  maxAttempts?: number | undefined
  /** Upper bound of the random part of the delay, in milliseconds. Default 30,000. */
  maxBackoffMs?: number | undefined
  /** A connection that has delivered an event and lasted this many milliseconds resets the failure count. Default 5000. */
  stableMs?: number | undefined
  /**
   * Called before every decision with the details of the coming `error` event, except `bodySnippet`; `willReconnect` and
   * `delayMs` are the plan. Returns `"stop"`, `"retry"` (treats the failure as transient, with `Retry-After` and backoff),
   * a delay in milliseconds, or nothing to accept the plan.
   */
  decide?: ((error: ErrorDetails) => 'stop' | 'retry' | number | undefined | void) | undefined
}

/** Off by default. A timeout ends a request or connection as a network failure would. */
export interface TimeoutOptions {
  /** Milliseconds to wait for the response head before an error of kind `"timeout"`. */
  openMs?: number | undefined
  /**
   * Milliseconds without any bytes before an error of kind `"timeout"`; comments count as a sign of life. `"auto"`: three
   * times the longest gap between the last comments, from 6 to 60 s, once two have arrived.
   */
  idleMs?: number | 'auto' | undefined
  /**
   * The type of the event that announces how often the server sends something: its data is the interval in
   * milliseconds, 0 for none. The idle timeout becomes twice that.
   */
  heartbeatEvent?: string | undefined
  /** The same in comments: this name, then spaces, colons or equals signs, then the interval, as in `: heartbeat 15000`. */
  heartbeatComment?: string | undefined
}

/** What went wrong, on the `error` event. */
export type ErrorKind =
  /** There was no response, or its body broke off. */
  | 'network'
  /**
   * The server does not let this origin read its response: a probe without CORS succeeded between two failed requests.
   * Only for GET, without `reconnect` and `fetch`; otherwise the kind is `"network"`.
   */
  | 'cors'
  /** The server ended the event stream. */
  | 'end'
  /** The server ended the event stream before `complete` said so. */
  | 'truncated'
  /** A `headers` or `body` function of the init threw or rejected. */
  | 'request'
  /** The response head or the next bytes did not arrive in time. */
  | 'timeout'
  /** The status was not 200. */
  | 'http'
  /** The content type was not `text/event-stream`. */
  | 'mime'
  /** An event was larger than `limits.maxEventBytes`. */
  | 'limit'
  /** `reconnect()` was called. */
  | 'reconnect'
  /** The platform refuses the request and always will. */
  | 'blocked'
  /** `complete` returned an `Error`, or the GraphQL server reported one: a message said that the stream has failed. */
  | 'application'
  /** WebAssembly could not be compiled, or trapped. */
  | 'wasm'

/** The details of an `error` event. */
export interface ErrorDetails {
  readonly kind: ErrorKind
  /** One line for a log: what happened, and what the source does next. */
  readonly message: string
  /** The HTTP status, if it is not 200 or the response is not an event stream. */
  readonly status: number | undefined
  /** The response headers, if a response arrived; cross-origin, only those that the server exposes. */
  readonly headers: Headers | undefined
  /** The beginning of the body of a rejected response, at most 2 KiB. */
  readonly bodySnippet: string | undefined
  /** The number of the attempt that ended, 0 for the first. */
  readonly attempt: number
  /** Whether the source reconnects. The same as `readyState === CONNECTING`. */
  readonly willReconnect: boolean
  /** Milliseconds until the next request, if there is one. `Infinity`: until the network or the page is back. */
  readonly delayMs: number | undefined
  /** The value that `fetch`, a stream or a function of the init threw. */
  readonly cause: unknown
}

/** The fields of every trace entry. */
interface Traced<Type extends string> {
  readonly type: Type
  /** The number of the source within this page or process, from 1. */
  readonly source: number
  /** The time from `performance.now()`. */
  readonly time: number
}

/** The argument of the option `trace`. */
export type TraceEntry =
  /** A request was sent. */
  | Traced<'request'> & Attempt & { readonly method: string, readonly url: string }
  /** The response head has arrived. */
  | Traced<'response'> & { readonly status: number }
  /** The connection is open. */
  | Traced<'open'>
  /** A chunk has arrived: decompressed bytes of the body, and the number of messages that it completed. */
  | Traced<'batch'> & { readonly bytes: number, readonly messages: number }
  /** The listeners of a batch have returned. Omitted for a batch without messages. */
  | Traced<'delivered'>
  /** The attempt or connection is over; the details are those of the `error` event. */
  | Traced<'decision'> & ErrorDetails
  /** The source is closed. This entry is the last. */
  | Traced<'close'> & { readonly why: Ending }

/** The events of an `EventSource` whose event types carry string data; `T` maps event types to data. */
export type EventSourceEventMap<T extends Record<keyof T, string> = Record<never, never>> = {
  open: Event
  error: EventSourceErrorEvent
  message: TypedMessageEvent<string>
} & { [K in keyof T]: TypedMessageEvent<T[K]> }

/** The `error` event: a platform `Event` with details of the cause. */
export interface EventSourceErrorEvent extends Event, ErrorDetails {
  /** The same as `status`. */
  readonly code: number | undefined
}
