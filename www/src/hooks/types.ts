import type { DecodeError, Decoder, Decoders, EventOf, StreamEvent } from '../decode/decoding.js'
import type { InitError } from './request.js'
import type { Role } from '../share.js'
import type { BodyInit, EventSourceErrorEvent, EventSourceInit } from '../types.js'

export type { Decoder, Decoders, EventOf, Role, StreamEvent }

/** When what has arrived is shown: once per animation frame, at the end of the task, or after so many milliseconds. */
export type Flush = 'frame' | 'microtask' | number

export type Status =
  /** Not asked to connect: the URL is null or `enabled` is false. */
  | 'idle'
  /** The first request is under way. */
  | 'connecting'
  | 'open'
  /** Interrupted: it waits for the next request, or that is under way. */
  | 'reconnecting'
  /** Closed by the page. */
  | 'closed'
  /** The stream has come to its proper end. */
  | 'done'
  /** Given up, see `error`. */
  | 'failed'

/** What went wrong last. All have a `kind` and a `message`. */
export type StreamError = EventSourceErrorEvent | DecodeError | InitError

/** What is known of a connection. */
export interface ConnectionState {
  readonly status: Status
  /** 0 CONNECTING, 1 OPEN, 2 CLOSED. */
  readonly readyState: 0 | 1 | 2
  /** Gone once the stream is open again and the next event was decoded. */
  readonly error: StreamError | undefined
  /** The number of the request that is made or waited for: 0 for the first and while open, then counted up. */
  readonly attempt: number
  /** When the next request is made, in milliseconds since the epoch, while that is waited for. `Infinity`: with the network. */
  readonly nextRetryAt: number | undefined
  /** Whether the stream broke off before its end, also because no component was left to show it. */
  readonly truncated: boolean
  /** With the option `share`: what this tab is among those that share the connection, such as `'leading'`. */
  readonly role: Role | undefined
}

/** All of a store at one moment. Never changed, only replaced. */
export interface Snapshot<Event = StreamEvent, Data = unknown> extends ConnectionState {
  /** The data of the latest event, or the state of the reducer, or what `select` made of either. */
  readonly data: Data
  /** The latest event. A new object each time, also if the data is equal. */
  readonly event: Event | undefined
  /** The latest events, oldest first, as many as `history` says. */
  readonly events: readonly Event[]
  readonly lastEventId: string
  /** Whether `data` is still that of the URL before, see `keepPreviousData`. */
  readonly isPreviousData: boolean
  /** Whether the first event is waited for. */
  readonly isPending: boolean
  readonly isOpen: boolean
  readonly isReconnecting: boolean
  /** Whether the stream has come to its proper end. */
  readonly isDone: boolean
  /** Whether it was given up, see `error`. */
  readonly isError: boolean
  /** Whether there is no connection and none is being made. */
  readonly isStopped: boolean
  /** Until `nextRetryAt`, in milliseconds. A component that reads it renders every second meanwhile. */
  readonly retryInMs: number | undefined
}

/** What a store needs of a class of event sources: this package's, the browser's own, or a test's. */
export interface SourceClass {
  // The browser's own has fewer options, of types that are not quite the same.
  // oxlint-disable-next-line typescript/no-explicit-any
  new (url: string, init: any): EventTarget & {
    readonly readyState: number
    readonly lastEventId?: string
    readonly closed?: Promise<unknown>
    close(): void
    reconnect?(): void
  }
}

/** With `reducer`, `data` is its state. Called once for every event, in order, whatever is rendered. */
type Reduction<Event, State, Next> =
  | { reducer(this: void, state: Begun<State>, event: Event): Next, initialState: State }
  | { reducer?: undefined, initialState?: NoInfer<State> }

/** Decodes the data of types without a decoder of their own. Without one, data is the text. */
export interface Parsing<Data> {
  parse: Decoder<Data>
}

/** A decoder for each type of events to listen for. */
export interface Mapping<Map> {
  types: Decoders<Map>
  /** For those that have none. */
  parse?: Decoder<Map[keyof Map]> | undefined
}

/** The event types to listen for. */
export interface Listed<Types extends string> {
  /** Default `['message']`. */
  types?: readonly Types[] | undefined
}

/** An empty object to begin with may get members of any name. */
type Begun<State> = State extends object ? keyof State extends never ? Record<string, never> : State : State

/** The state of a reducer: what it returns tells more than an empty object or list to begin with. */
export type Reduced<State, Next> =
  [State] extends [readonly never[]] ? Next :
    State extends object ? keyof State extends never ? Next : Either<State, Next> : Either<State, Next>

type Either<State, Next> = [Next] extends [State] ? State : State | Next

/** How events become what is shown. */
interface Reading<Map, Reduced, Selected> {
  /** What to make of `data`. With it, only a change of its result or of the connection renders. */
  select?(this: void, data: Reduced): Selected
  /** Called for every event as it arrives, and for those that came while the component was suspended. Renders nothing. */
  onEvent?(this: void, event: EventOf<Map>): void
}

export type ReadingOptions<Map, State, Next, Selected> =
  Reading<Map, Reduced<State, Next>, Selected> & Reduction<EventOf<Map>, State, Next>

/** How what has arrived is shown, and the class to use. */
interface Showing {
  /** How many of the latest events to keep in `events`. Default 0. */
  history?: number | undefined
  /** Default `'frame'`. */
  flush?: Flush | undefined
  onOpen?: ((this: void) => void) | undefined
  /** Called for every error since the component is there, those of single events and of an invalid URL or init included. */
  onError?: ((this: void, error: StreamError) => void) | undefined
  /**
   * How long the connection and its state outlive the last component, so that the next one finds them. Default: 40, and
   * 100 if the stream has ended well.
   */
  keepAliveMs?: number | undefined
  /** The class to construct, instead of this package's `EventSource`. */
  EventSource?: SourceClass | undefined
}

/** When to connect, and with whom. */
interface Sharing {
  /**
   * `false` disconnects and keeps what is shown; `true` resumes after it. A connection that others have kept open
   * meanwhile goes on where it is.
   */
  enabled?: boolean | undefined
  /** `false` waits for a call of `reconnect`. Default `true`. */
  immediate?: boolean | undefined
  /** Shows what there was for the URL before until the first event of the new one. Default `false`. */
  keepPreviousData?: boolean | undefined
  /** Tells requests apart that their values do not: functions, streams, buffers. Equal ones share one connection. */
  key?: string | undefined
  /**
   * Shares the connection with the other tabs of the site that have the same key, which says who is logged in; without
   * one, it is not shared. Within the page it counts as `key`. See `eventsource-wasm/share`, which is loaded for it.
   */
  share?: string | false | null | undefined
}

/** One turn of a chat. */
export interface Turn<Content = unknown> {
  readonly role: 'user' | 'assistant' | 'system' | (string & {})
  readonly content: Content
}

/** What `send` takes: what `fetch` takes for a body, or an object, which is sent as JSON. */
export type Sendable = BodyInit | object | null

/** What a call of `send` has instead of, and in the case of an object as `body` besides, what the hook would send. */
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
  /** Keeps a list of turns that begins with these. A reply becomes one, with `data` for its content. */
  messages?: readonly Turn[] | undefined
  /** What is sent for them; an object as JSON. Default: `{ messages }`. */
  toBody?(this: void, chat: { readonly messages: readonly Turn[], readonly input: unknown }): unknown
  /** Called when a request has ended, however it did. */
  onFinish?(this: void, finish: Finish<State>): void
}

/** The options of `useEventStream` but those that tell what becomes of events. The body is given to `send`. */
export type StreamSettings = Omit<EventSourceInit, 'signal' | 'body' | 'json' | 'reconnect'> & Showing

export type StreamOptions<Map, State, Next, Selected> =
  StreamSettings & ReadingOptions<Map, State, Next, Selected> & Chat<Reduced<State, Next>>

/**
 * The options of `useEventSource` but those that tell what becomes of events. Those of the connection are compared by value, and one that is left out is not
 * equal to its default: components share a connection if all are equal, and another value is another connection. So
 * `lastEventId` is where to begin, not the latest; the option `store` is for that. Other `headers` make the same request
 * again, which goes on after the last event and keeps the state.
 *
 * Of functions, and of `store`, it counts whether there is one. They may be other ones for every rendering and component:
 * all of `onComment` and `trace` are called, one of `complete` is enough, and of the rest that of the component rendered last counts.
 * Components with `fetch`, with a function for `headers` or `body`, or with a body that is not text share only by `key`.
 *
 * A component that joins later sees what the others see. A `reducer` that is one function for all, so made outside of
 * the component, is called once for each event, and they share its state. Any other one begins with the events that the
 * connection has kept: the last 1000, and the latest of each type.
 */
export type StoreSettings = Omit<EventSourceInit, 'signal'> & Showing & Sharing

export type StoreOptions<Map, State, Next, Selected> = StoreSettings & ReadingOptions<Map, State, Next, Selected>

/**
 * What all options are, whatever they make of each other. Hooks take it last, for a call that is wrong: TypeScript tells
 * of the last way to call a function alone, so this is where it finds the option that is wrong. Not for options from a function: it would have a say in their types.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyReading = ReadingOptions<Record<string, any>, any, any, any> & AnyDecoding

interface AnyDecoding {
  types?: readonly string[] | Decoders<Record<string, unknown>> | undefined
  parse?: Decoder<unknown> | undefined
}

export type WrongStoreOptions = StoreSettings & AnyReading
export type WrongStreamOptions = StreamSettings & AnyReading & Chat<unknown>

/** Options as a store sees them, whatever the types of its events. */
export type AnyOptions =
  StoreOptions<Record<string, unknown>, unknown, unknown, unknown> & Chat<unknown> & AnyDecoding

/** The same, with the class to construct settled. */
export type SourceOptions = AnyOptions & { EventSource: SourceClass }
