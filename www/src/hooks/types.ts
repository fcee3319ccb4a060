import type { DecodeError, Decoder, Decoders, EventOf, StreamEvent } from '../decode/decoding.js'
import type { InitError } from './request.js'
import type { Role } from '../share.js'
import type { BodyInit, EventSourceErrorEvent, EventSourceInit } from '../types.js'

export type { Decoder, Decoders, EventOf, Role, StreamEvent }

/** When new events are rendered: once per animation frame, at the end of the task, or after this many milliseconds. */
export type Flush = 'frame' | 'microtask' | number

export type Status =
  /** Not connecting: the URL is null or `enabled` is false. */
  | 'idle'
  /** The first request is under way. */
  | 'connecting'
  | 'open'
  /** Interrupted: the next request is pending or under way. */
  | 'reconnecting'
  /** Closed by the page. */
  | 'closed'
  /** The stream has ended properly. */
  | 'done'
  /** Failed for good, see `error`. */
  | 'failed'

/** The last error. All have a `kind` and a `message`. */
export type StreamError = EventSourceErrorEvent | DecodeError | InitError

/** The state of a connection. */
export interface ConnectionState {
  readonly status: Status
  /** 0 CONNECTING, 1 OPEN, 2 CLOSED. */
  readonly readyState: 0 | 1 | 2
  /** Cleared when the stream is open again and the next event has been decoded. */
  readonly error: StreamError | undefined
  /** The number of the current or next request: 0 for the first and while open. */
  readonly attempt: number
  /** While waiting, the time of the next request in milliseconds since the epoch. `Infinity`: when the network is back. */
  readonly nextRetryAt: number | undefined
  /** Whether the stream broke off before its end, including when the last component left. */
  readonly truncated: boolean
  /** With the option `share`: the role of this tab among those that share the connection, such as `'leading'`. */
  readonly role: Role | undefined
}

/** The state of a store at one moment. Immutable. */
export interface Snapshot<Event = StreamEvent, Data = unknown> extends ConnectionState {
  /** The data of the latest event or the state of the reducer, after `select`. */
  readonly data: Data
  /** The latest event. A new object each time, even if the data is equal. */
  readonly event: Event | undefined
  /** The latest events, oldest first, up to `history` of them. */
  readonly events: readonly Event[]
  readonly lastEventId: string
  /** Whether `data` still belongs to the previous URL, see `keepPreviousData`. */
  readonly isPreviousData: boolean
  /** Whether the first event is still pending. */
  readonly isPending: boolean
  readonly isOpen: boolean
  readonly isReconnecting: boolean
  /** Whether the stream has ended properly. */
  readonly isDone: boolean
  /** Whether the connection has failed for good, see `error`. */
  readonly isError: boolean
  /** Whether there is no connection and no attempt to make one. */
  readonly isStopped: boolean
  /** Milliseconds until `nextRetryAt`. A component that reads it renders every second meanwhile. */
  readonly retryInMs: number | undefined
}

/** The constructor that a store needs: this package's class, the browser's own, or a mock. */
export interface SourceClass {
  // The browser's own has fewer options, with slightly different types.
  // oxlint-disable-next-line typescript/no-explicit-any
  new (url: string, init: any): EventTarget & {
    readonly readyState: number
    readonly lastEventId?: string
    readonly closed?: Promise<unknown>
    close(): void
    reconnect?(): void
  }
}

/** With `reducer`, `data` is its state. Called once for every event, in order, regardless of rendering. */
type Reduction<Event, State, Next> =
  | { reducer(this: void, state: Begun<State>, event: Event): Next, initialState: State }
  | { reducer?: undefined, initialState?: NoInfer<State> }

/** Decodes the data of types without a decoder of their own. Default: data is the text. */
export interface Parsing<Data> {
  parse: Decoder<Data>
}

/** A decoder for each event type to listen for. */
export interface Mapping<Map> {
  types: Decoders<Map>
  /** For types without a decoder. */
  parse?: Decoder<Map[keyof Map]> | undefined
}

/** The event types to listen for. */
export interface Listed<Types extends string> {
  /** Default `['message']`. */
  types?: readonly Types[] | undefined
}

/** An initial empty object may get members of any name. */
type Begun<State> = State extends object ? keyof State extends never ? Record<string, never> : State : State

/** The state of a reducer: its return type says more than an initial empty object or list. */
export type Reduced<State, Next> =
  [State] extends [readonly never[]] ? Next :
    State extends object ? keyof State extends never ? Next : Either<State, Next> : Either<State, Next>

type Either<State, Next> = [Next] extends [State] ? State : State | Next

/** How events become data. */
interface Reading<Map, Reduced, Selected> {
  /** Maps `data`. With it, only a change of its result or of the connection renders. */
  select?(this: void, data: Reduced): Selected
  /** Called for every event as it arrives, and for those that arrived while the component was suspended. Renders nothing. */
  onEvent?(this: void, event: EventOf<Map>): void
}

export type ReadingOptions<Map, State, Next, Selected> =
  Reading<Map, Reduced<State, Next>, Selected> & Reduction<EventOf<Map>, State, Next>

/** How events are rendered, and the class to use. */
interface Showing {
  /** The number of latest events to keep in `events`. Default 0. */
  history?: number | undefined
  /** Default `'frame'`. */
  flush?: Flush | undefined
  onOpen?: ((this: void) => void) | undefined
  /** Called for every error while the component is mounted, including decoding errors and an invalid URL or init. */
  onError?: ((this: void, error: StreamError) => void) | undefined
  /**
   * Milliseconds for which the connection and its state outlive the last component, so that the next one can reuse them.
   * Default 40, or 100 if the stream has ended properly.
   */
  keepAliveMs?: number | undefined
  /** The class to construct, instead of this package's `EventSource`. */
  EventSource?: SourceClass | undefined
}

/** When to connect, and what to share. */
interface Sharing {
  /**
   * `false` disconnects and keeps the data; `true` resumes after it. A connection that others have kept open continues
   * where it is.
   */
  enabled?: boolean | undefined
  /** `false` waits for a call to `reconnect`. Default `true`. */
  immediate?: boolean | undefined
  /** Keeps the data of the previous URL until the first event of the new one. Default `false`. */
  keepPreviousData?: boolean | undefined
  /** Identifies requests that cannot be compared by value (functions, streams, buffers). Equal keys share a connection. */
  key?: string | undefined
  /**
   * Shares the connection with the site's other tabs that use the same key, which identifies the logged-in user; without
   * a key, nothing is shared. Within the page it counts as `key`. Loads `eventsource-wasm/share`; see there.
   */
  share?: string | false | null | undefined
}

/** One turn of a chat. */
export interface Turn<Content = unknown> {
  readonly role: 'user' | 'assistant' | 'system' | (string & {})
  readonly content: Content
}

/** The argument of `send`: any `fetch` body, or an object, which is sent as JSON. */
export type Sendable = BodyInit | object | null

/** Overrides what the hook would send, for one call of `send`. An object as `body` is merged instead. */
export interface Call {
  readonly url?: string | URL
  readonly method?: string
  readonly headers?: EventSourceInit['headers']
  readonly body?: Sendable
}

/** How a request of `useEventStream` ended: `done`, `closed` by `stop`, or `failed`; `truncated` if it broke off. */
export interface Finish<Data = unknown> extends ConnectionState {
  readonly data: Data
  readonly messages: readonly Turn<Data | unknown>[]
}

/** The turns of a chat. */
export interface Chat<State> {
  /** Keeps a list of turns, initially these. A reply becomes a turn with `data` as its content. */
  messages?: readonly Turn[] | undefined
  /** Builds the request body from them; an object is sent as JSON. Default: `{ messages }`. */
  toBody?(this: void, chat: { readonly messages: readonly Turn[], readonly input: unknown }): unknown
  /** Called when a request has ended, whether it succeeded or not. */
  onFinish?(this: void, finish: Finish<State>): void
}

/** The options of `useEventStream`, except those for reading events. `send` takes the body. */
export type StreamSettings = Omit<EventSourceInit, 'signal' | 'body' | 'json' | 'reconnect'> & Showing

export type StreamOptions<Map, State, Next, Selected> =
  StreamSettings & ReadingOptions<Map, State, Next, Selected> & Chat<Reduced<State, Next>>

/**
 * The options of `useEventSource`, except those for reading events. Connection options are compared by value; an omitted
 * option does not equal its default. Components share a connection if all are equal, and a changed value opens another
 * connection. So `lastEventId` is where to begin, not the latest ID; for that there is `store`. Changed `headers` repeat
 * the request, which resumes after the last event and keeps the state.
 *
 * For functions and `store`, only their presence is compared, so they may differ between renders and components. Every
 * `onComment` and `trace` is called; one `complete` is enough; otherwise the component rendered last wins. Components
 * with `fetch`, with a function for `headers` or `body`, or with a body that is not text share only by `key`.
 *
 * A component that joins later sees what the others see. A `reducer` defined outside the component is called once per
 * event, and all components share its state. Any other reducer starts with the events that the connection has kept: the
 * last 1000, and the latest of each type.
 */
export type StoreSettings = Omit<EventSourceInit, 'signal'> & Showing & Sharing

export type StoreOptions<Map, State, Next, Selected> = StoreSettings & ReadingOptions<Map, State, Next, Selected>

/**
 * All options, with loose types. It is the last overload of the hooks because TypeScript reports errors against the last
 * overload only, and so names the wrong option. Not for options from a function, whose types it would influence.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyReading = ReadingOptions<Record<string, any>, any, any, any> & AnyDecoding

interface AnyDecoding {
  types?: readonly string[] | Decoders<Record<string, unknown>> | undefined
  parse?: Decoder<unknown> | undefined
}

export type WrongStoreOptions = StoreSettings & AnyReading
export type WrongStreamOptions = StreamSettings & AnyReading & Chat<unknown>

/** Options as a store sees them, regardless of its event types. */
export type AnyOptions =
  StoreOptions<Record<string, unknown>, unknown, unknown, unknown> & Chat<unknown> & AnyDecoding

/** The same, with the class to construct resolved. */
export type SourceOptions = AnyOptions & { EventSource: SourceClass }
