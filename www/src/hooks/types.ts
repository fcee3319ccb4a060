import type { DecodeError, Decoder, Decoders, EventOf, StreamEvent } from '../decode/decoding.js'
import type { InitError } from './request.js'
import type { EventSourceErrorEvent, EventSourceInit } from '../types.js'

export type { Decoder, Decoders, EventOf, StreamEvent }

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
  /** Closed by the page, or by the stream having come to its proper end. */
  | 'closed'
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
  /** Whether the stream broke off before its end. */
  readonly truncated: boolean
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
}

/** What a store needs of a class of event sources: this package's, the browser's own, or a test's. */
export interface SourceClass {
  // The browser's own has fewer options, of types that are not quite the same.
  // oxlint-disable-next-line typescript/no-explicit-any
  new (url: string, init: any): EventTarget & {
    readonly readyState: number
    readonly lastEventId?: string
    close(): void
    reconnect?(): void
  }
}

/** With `reducer`, `data` is its state. Called once for every event, in order, whatever is rendered. */
type Reduction<Event, State> =
  | { reducer(this: void, state: State, event: Event): State, initialState: State }
  | { reducer?: undefined, initialState?: undefined }

/** How events become what is shown, and the class to use. */
interface Reading<Map, State, Selected> {
  /** The event types to listen for, or a decoder for each. Default `['message']`. */
  types?: readonly (keyof Map & string)[] | Decoders<Map> | undefined
  /** Decodes the data of types without a decoder of their own. Without one, data is the text. */
  parse?: Decoder<Map[keyof Map]> | undefined
  /** How many of the latest events to keep in `events`. Default 0. */
  history?: number | undefined
  /** Default `'frame'`. */
  flush?: Flush | undefined
  /** What to make of `data`. With it, only a change of its result or of the connection renders. */
  select?(this: void, data: State): Selected
  /** Called for every event as it arrives, and for those that came while the component was suspended. Renders nothing. */
  onEvent?(this: void, event: EventOf<Map>): void
  onOpen?(this: void): void
  /** Called for every error since the component is there, those of single events and of an invalid URL or init included. */
  onError?(this: void, error: StreamError): void
  /** The class to construct, instead of this package's `EventSource`. */
  EventSource?: SourceClass | undefined
}

/** The options of `useEventStream`; the body of the request is given to `send`. */
export type StreamOptions<Map, State, Selected> = Omit<EventSourceInit, 'signal' | 'body' | 'reconnect'> &
  Reading<Map, State, Selected> &
  Reduction<EventOf<Map>, State>

/**
 * The options of `useEventSource`. Those of the connection are compared by value, and one that is left out is not
 * equal to its default: components share a connection if all are equal, and another value is another connection. So
 * `lastEventId` is where to begin, not the latest; the option `store` is for that.
 *
 * Of functions, and of `store`, it counts whether there is one. They may be other ones for every rendering and component:
 * all of `onComment` are called, one of `complete` is enough, and of the rest that of the component rendered last counts.
 * Components with `fetch`, with a function for `headers` or `body`, or with a body that is not text share only by `key`.
 */
export type StoreOptions<Map, State, Selected> = StreamOptions<Map, State, Selected> & {
  body?: EventSourceInit['body']
  reconnect?: EventSourceInit['reconnect']
  /**
   * `false` disconnects and keeps what is shown; `true` resumes after it. A connection that others have kept open
   * meanwhile goes on where it is: at its latest event, with a reducer at its next.
   */
  enabled?: boolean | undefined
  /** Tells requests apart that their values do not: functions, streams, buffers. Equal ones share one connection. */
  key?: string | undefined
}

/** Options as a store sees them, whatever the types of its events. */
export type AnyOptions = StoreOptions<Record<string, unknown>, unknown, unknown>

/** The same, with the class to construct settled. */
export type SourceOptions = AnyOptions & { EventSource: SourceClass }
