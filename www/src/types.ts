/** Why the request of an attempt is made: the first, or what ended the last one. */
export type AttemptReason = 'open' | ErrorKind

/** What functions for `headers` and `body` are called with, once for every request. */
export interface Attempt {
  /** 0 for the first request, then counted up: until a connection opens, with `reconnect` until one is stable. */
  readonly attempt: number
  /** The last event ID string, empty if there is none. */
  readonly lastEventId: string
  readonly reason: AttemptReason
  /** Aborted when this attempt is over or the source is closed. */
  readonly signal: AbortSignal
}

type PerAttempt<T> = T | ((attempt: Attempt) => T | PromiseLike<T>)

// Where there is no DOM in `lib`, these have other names, or none.
type RequestOptions = NonNullable<Parameters<typeof globalThis.fetch>[1]>
type HeadersInit = NonNullable<ConstructorParameters<typeof Headers>[0]>
export type BodyInit = NonNullable<ConstructorParameters<typeof Response>[0]>

/** A message: the platform's `MessageEvent`, whose data is known to be `Data`. */
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
  /** Default `"GET"`, with `json` `"POST"`. A POST is repeated only where that is known to be safe, see `reconnect.replay`. */
  method?: string | undefined
  /**
   * `Accept` and `Last-Event-ID` are added to these. A function is called for every attempt; if it throws or rejects, that is
   * an error of kind `"request"`, after which the source tries again.
   *
   * @throws `TypeError` from the constructor if a name or value is no header's.
   */
  headers?: PerAttempt<HeadersInit> | undefined
  /**
   * Any `BodyInit`. A function is called for every attempt; a `ReadableStream` without one is sent once.
   *
   * @throws `TypeError` from the constructor if it is a plain object, or the method takes no body.
   */
  body?: PerAttempt<BodyInit | null> | undefined
  /**
   * Instead of `body`: a value that is sent as JSON with its content type, by `POST` without another `method`. A function
   * is called for every attempt.
   *
   * @example
   * new EventSource('/graphql', { json: { query } })
   */
  json?: object | string | number | boolean | null | ((attempt: Attempt) => unknown) | undefined
  /** Aborting it closes the source: loops throw its reason, and `closed` rejects with it. */
  signal?: AbortSignal | null | undefined
  /** Used instead of `globalThis.fetch`. The `headers` that it gets are a plain object: keep them. */
  fetch?: typeof globalThis.fetch | undefined
  /**
   * The last event ID string to begin with, sent with the first request. Default `""`.
   *
   * @throws `TypeError` from the constructor if it holds CR, LF or NUL.
   */
  lastEventId?: string | undefined
  /** `"light"` (default) or `"platform"`: whether messages are real `MessageEvent`s, ten times slower where events are short. */
  events?: 'light' | 'platform' | undefined
  limits?: LimitOptions | undefined
  /**
   * Default: as HTML 9.2.3 says for GET, and for other methods only where nothing is repeated blindly. `true` or an
   * object adds backoff with jitter, statuses that may pass, `Retry-After`, and attention to the network and the page.
   * `false`: never. See `docs/reconnecting.md`.
   */
  reconnect?: boolean | ReconnectOptions | undefined
  timeouts?: TimeoutOptions | undefined
  /**
   * Whether this message is the last one. The source is then closed, without an `error` event; a stream that ends
   * without it is an error of kind `"truncated"`. `"ending"`: from here on the stream may end. An `Error`: the source
   * fails with that, and kind `"application"`. A promise is reported and means nothing.
   *
   * @example
   * new EventSource('/chat', { method: 'POST', body, complete: ({ data }) => data === '[DONE]' })
   */
  complete?: ((message: TypedMessageEvent<string>) => boolean | 'ending' | Error | undefined | void) | undefined
  /**
   * Called with every comment of the event stream, in order with the messages: what follows the colon of its line, up
   * to the line's end and, as in a field, without one leading space. A comment inside an event comes before the event.
   * One that throws is reported, and the stream goes on.
   */
  onComment?: ((comment: string) => void) | undefined
  /**
   * How the server is told the last event ID: by the header `Last-Event-ID` (default), which a server of another origin
   * has to allow; by the query parameter `lastEventId`; or as a function does it, which changes what it gets. It is called
   * for every request after a message, also without a last event ID. One that makes a GET of it allows to repeat it.
   *
   * @example
   * new EventSource(hub, { resume: ({ url, lastEventId }) => url.searchParams.set('lastEventID', lastEventId) })
   */
  resume?: 'header' | 'query' | ((request: ResumeRequest) => void | PromiseLike<void>) | undefined
  /** Where the last event ID outlives the page. See `eventsource-wasm/session-store`. */
  store?: LastEventIdStore | undefined
  /** Messages that bring an ID of one of the last `dedupe` messages are dropped: for servers that replay too much. From 1 to 1,000,000. Off by default. */
  dedupe?: number | undefined
  /** For servers that do not keep to the format. */
  interpret?: InterpretOptions | undefined
  /**
   * Called with what happens on the connection: once for every chunk, not for every event, and after the fact. What it
   * throws is reported. See `eventsource-wasm/trace`.
   */
  trace?: ((entry: TraceEntry) => unknown) | undefined
}

/** What a function for `resume` gets, and changes. */
export interface ResumeRequest {
  url: URL
  headers: Headers
  method: string
  body: BodyInit | null | undefined
  /** The last event ID string, empty if there is none. */
  readonly lastEventId: string
  readonly lastMessage: TypedMessageEvent<string> | undefined
  /** Those of the connection that brought it. */
  readonly responseHeaders: Headers | undefined
}

/** Both are off by default, as HTML 9.2.6 says. */
export interface InterpretOptions {
  /** An event with a type and no data is one whose data is empty, as with `event: complete` of GraphQL servers. */
  emptyEvents?: boolean | undefined
  /** The end of the stream ends an event that has data, too. */
  unterminated?: boolean | undefined
}

/** How a source ended. */
export type Ending = 'complete' | 'end' | 'close'

/**
 * Keeps a last event ID, that of the last message that all consumers have received. Listeners have when they have returned,
 * a loop over `messages()` when it asks for the next one. Both functions may return a promise: the first request waits for
 * `get`, and `set` is called again when the one before has settled.
 */
export interface LastEventIdStore {
  get(): string | null | undefined | PromiseLike<string | null | undefined>
  /** Called after every chunk, and in a loop after every message, that changed it, and at `close()`. */
  set(lastEventId: string): unknown
}

export interface MessagesOptions {
  /** Leaving the loop does not close the source: the next loop begins with the message after. */
  preventClose?: boolean | undefined
}

export interface LimitOptions {
  /** Bytes of one event, its unfinished line included. Beyond it the source fails, with kind `"limit"`. Default 16 MiB, at most 512 MiB. */
  maxEventBytes?: number | undefined
}

export interface ReconnectOptions {
  /**
   * `"safe"` (default): idempotent methods always; others, such as POST, only after a message with an ID, and not after a
   * clean end of the stream. `"always"`: whatever the method.
   */
  replay?: 'safe' | 'always' | undefined
  /**
   * Failures in a row after which the source waits until the network or the page is back, or `reconnect()` is called.
   * Default `Infinity`.
   */
  maxAttempts?: number | undefined
  /** Milliseconds at which the random part of the wait stops growing. Default 30,000. */
  maxBackoffMs?: number | undefined
  /** A connection that delivered an event and lasted so many milliseconds ends a row of failures. Default 5000. */
  stableMs?: number | undefined
  /**
   * Asked before every decision, with what the `error` event will say but the `bodySnippet`: `willReconnect` and
   * `delayMs` are what is planned. Answers `"stop"`, `"retry"` (as if the failure could pass: `Retry-After` and backoff
   * hold), a delay in milliseconds, or nothing to agree.
   */
  decide?: ((error: ErrorDetails) => 'stop' | 'retry' | number | undefined | void) | undefined
}

/** Off by default. A request or connection that runs into one is given up as if the network had failed. */
export interface TimeoutOptions {
  /** Milliseconds that the response head may take. Then an error of kind `"timeout"`. */
  openMs?: number | undefined
  /**
   * Milliseconds in which nothing may arrive, comments included: servers send them to show that they are alive. `"auto"`: three times
   * the longest gap between the last comments, from 6 to 60 s, once two have come.
   */
  idleMs?: number | 'auto' | undefined
  /**
   * The type of the event by which the server says how often it sends something: its data is that time in
   * milliseconds, 0 for none. The idle timeout is then twice that.
   */
  heartbeatEvent?: string | undefined
  /** The same in comments: this name, spaces, colons or equals signs, and the time, as in `: heartbeat 15000`. */
  heartbeatComment?: string | undefined
}

/** What went wrong, on the `error` event. */
export type ErrorKind =
  /** There was no response, or its body broke off. */
  | 'network'
  /**
   * There is a server, but it does not let this origin read its response: two requests got none, one between did. Only
   * for GET, without `reconnect` and `fetch`; else that is `"network"`.
   */
  | 'cors'
  /** The server ended the event stream. */
  | 'end'
  /** The server ended the event stream before `complete` said so. */
  | 'truncated'
  /** A `headers` or `body` function of the init threw or rejected. */
  | 'request'
  /** The response, or then the next byte, did not come in time. */
  | 'timeout'
  /** The status was not 200. */
  | 'http'
  /** The content type was not `text/event-stream`. */
  | 'mime'
  /** An event was larger than `limits.maxEventBytes`. */
  | 'limit'
  /** `reconnect()` was called. */
  | 'reconnect'
  /** The platform does not allow the request, and never will. */
  | 'blocked'
  /** A message said that the stream has failed. */
  | 'application'
  /** WebAssembly could not be compiled here, or failed. */
  | 'wasm'

/** What an `error` event says beyond being one. */
export interface ErrorDetails {
  readonly kind: ErrorKind
  /** One line for a log: what happened and what follows. */
  readonly message: string
  /** The HTTP status that is not 200, or of a response that is no event stream. */
  readonly status: number | undefined
  /** The response headers, when a response arrived. Cross-origin, those that the server exposes. */
  readonly headers: Headers | undefined
  /** The beginning of the body of a response that is not an event stream to be read, at most 2 KiB. */
  readonly bodySnippet: string | undefined
  /** The number of the attempt that ended, 0 for the first. */
  readonly attempt: number
  /** Whether the source reconnects. The same as `readyState === CONNECTING`. */
  readonly willReconnect: boolean
  /** Milliseconds until the next request, when there will be one. `Infinity`: when the network or the page is back. */
  readonly delayMs: number | undefined
  /** What fetch, a stream or a function of the init threw. */
  readonly cause: unknown
}

/** What every entry of a trace says. */
interface Traced<Type extends string> {
  readonly type: Type
  /** Numbers the sources of this page or process, from 1. */
  readonly source: number
  /** When it happened, by `performance.now()`. */
  readonly time: number
}

/** What the option `trace` is called with. */
export type TraceEntry =
  /** A request was sent. */
  | Traced<'request'> & Attempt & { readonly method: string, readonly url: string }
  /** The response head has arrived. */
  | Traced<'response'> & { readonly status: number }
  /** The connection is open. */
  | Traced<'open'>
  /** A chunk has arrived: bytes of the body, decompressed, and the messages that it finished. */
  | Traced<'batch'> & { readonly bytes: number, readonly messages: number }
  /** The listeners of a batch have returned. Not told of a batch without messages. */
  | Traced<'delivered'>
  /** The attempt or connection is over: what the `error` event says. */
  | Traced<'decision'> & ErrorDetails
  /** The source is closed. This entry is the last. */
  | Traced<'close'> & { readonly why: Ending }

/** The events of an `EventSource` whose event types carry string data; `T` maps event types to data. */
export type EventSourceEventMap<T extends Record<keyof T, string> = Record<never, never>> = {
  open: Event
  error: EventSourceErrorEvent
  message: TypedMessageEvent<string>
} & { [K in keyof T]: TypedMessageEvent<T[K]> }

/** The `error` event: the platform's `Event` plus what is known of the cause. */
export interface EventSourceErrorEvent extends Event, ErrorDetails {
  /** The same as `status`. */
  readonly code: number | undefined
}
