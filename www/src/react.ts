import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { EventSource } from './index.js'
import { openStore, openStream, send } from './hooks/open.js'
import { newOwner, requestOf, type MaybeUrl } from './hooks/request.js'
import { Selection } from './hooks/selection.js'
import { suspend } from './hooks/suspense.js'
import { idle, typesOf, type AnySnapshot, type EventStore } from './hooks/store.js'
import type { AnyOptions, Decoder, Decoders, EventOf, Snapshot, SourceOptions, StoreOptions, StreamOptions } from './hooks/types.js'

export { DecodeError } from './decode/decoding.js'
export { InitError, type MaybeUrl } from './hooks/request.js'
export type * from './hooks/types.js'
export type * from './types.js'

/** What `useEventSource` returns. */
export interface EventSourceResult<Map, Data> extends Snapshot<EventOf<Map>, Data> {
  /** Closes the connection, for all who share it, until `reconnect`. */
  close(this: void): void
  /** Makes a request now that resumes after the last event. */
  reconnect(this: void): void
  /** The same as `data`. */
  readonly eventData: Data
  /** Whether there is no connection and none is being made. */
  readonly isStopped: boolean
  /** The same as `reconnect`. */
  restartConnection(this: void): void
  /** The same as `close`. */
  closeConnection(this: void): void
}

/** What `useEventStream` returns. */
export interface EventStreamResult<Map, Data> extends Snapshot<EventOf<Map>, Data> {
  /** Makes the request, in place of one that is under way. Nothing repeats it but another call. */
  send(this: void, body?: BodyInit | null): void
  /** Ends the request. What has arrived stays. */
  stop(this: void): void
}

interface Suspending {
  /**
   * Suspends until the first event, and throws to the error boundary if the connection fails before. React does not tell
   * of a component that goes while it is suspended: its connection closes some seconds later, and so does one that is
   * left within five seconds of its first event.
   */
  suspense?: boolean | undefined
}

/**
 * Shows an event stream. Components that make the same request share one connection, which closes after the last of
 * them is gone.
 *
 * @example
 * const { data, status } = useEventSource('/prices', { parse: PriceSchema })
 */
export function useEventSource<Map extends object, State = Map[keyof Map] | undefined, Selected = State>(
  url: MaybeUrl,
  options: StoreOptions<Map, State, Selected> & Suspending & { types: Decoders<Map> },
): EventSourceResult<Map, Selected>
export function useEventSource<Data, State = Data | undefined, Selected = State>(
  url: MaybeUrl,
  options: StoreOptions<Record<string, Data>, State, Selected> & Suspending & { parse: Decoder<Data> },
): EventSourceResult<Record<string, Data>, Selected>
export function useEventSource<Text extends string = string, State = Text | undefined, Selected = State>(
  url: MaybeUrl,
  options?: StoreOptions<Record<string, Text>, State, Selected> & Suspending,
): EventSourceResult<Record<string, Text>, Selected>
export function useEventSource(url: MaybeUrl, given: AnyOptions & Suspending = {}): EventSourceResult<AnyMap, unknown> {
  const { suspense = false, ...options } = { ...given, EventSource: given.EventSource ?? EventSource }
  const [owner] = useState(newOwner)
  const request = requestOf(url, options, owner)
  const isEnabled = request !== undefined && options.enabled !== false
  const { store, snapshot } = useStore(options, isEnabled, request?.key ?? '', () => openStore(request, options))
  if (suspense && isEnabled) suspend(store, request, options)
  const { close, reconnect } = store
  return {
    ...snapshot,
    close,
    reconnect,
    eventData: snapshot.data,
    isStopped: snapshot.readyState === CLOSED,
    restartConnection: reconnect,
    closeConnection: close,
  }
}

/**
 * Shows the event stream that answers a request made by an action: a chat's next turn, a long job.
 * The request is made once. A stream that breaks off is `truncated`, and it is for the page to ask again. Not every
 * browser tells of a body that broke off: `complete` does.
 *
 * @example
 * const { data, send, stop } = useEventStream('/chat', { reducer: (text, event) => text + event.data, initialState: '' })
 */
export function useEventStream<Map extends object, State = Map[keyof Map] | undefined, Selected = State>(
  url: string | URL,
  options: StreamOptions<Map, State, Selected> & { types: Decoders<Map> },
): EventStreamResult<Map, Selected>
export function useEventStream<Data, State = Data | undefined, Selected = State>(
  url: string | URL,
  options: StreamOptions<Record<string, Data>, State, Selected> & { parse: Decoder<Data> },
): EventStreamResult<Record<string, Data>, Selected>
export function useEventStream<Text extends string = string, State = Text | undefined, Selected = State>(
  url: string | URL,
  options?: StreamOptions<Record<string, Text>, State, Selected>,
): EventStreamResult<Record<string, Text>, Selected>
export function useEventStream(url: string | URL, given: AnyOptions = {}): EventStreamResult<AnyMap, unknown> {
  const options = { ...given, EventSource: given.EventSource ?? EventSource }
  const { store, snapshot } = useStore(options, true, '', () => openStream(options))
  const latest = useRef({ url, options })
  useEffect(() => {
    latest.current = { url, options }
  })
  const sendBody = useCallback((body?: BodyInit | null) => {
    send(store, latest.current.url, latest.current.options, body)
  }, [store])
  return { ...snapshot, send: sendBody, stop: store.close }
}

const CLOSED = 2

type AnyMap = Record<string, unknown>

/** Keeps a store while its name and event types stay, and renders with every snapshot that differs. */
function useStore(options: SourceOptions, isEnabled: boolean, name: string, open: () => EventStore): Shown {
  const id = `${name} ${typesOf(options).join(' ')}`
  const make = (): Held => {
    const store = open()
    const { initialSnapshot } = store
    return { id, store, selection: new Selection(), initial: isEnabled ? initialSnapshot : idle(initialSnapshot) }
  }
  const [kept, keep] = useState(make)
  let held = kept
  if (kept.id !== id) keep((held = make()))
  const { store, selection, initial } = held

  // Before the subscription, which is an effect too: the functions of this render are those to call from the start.
  useEffect(() => store.configure(options))
  const read = isEnabled ? store.getSnapshot : store.getIdleSnapshot
  const snapshot = useSyncExternalStore(
    isEnabled ? store.subscribe : subscribeToNothing,
    () => selection.of(read(), options.select),
    () => selection.of(initial, options.select),
  )
  return { store, snapshot }
}

interface Shown {
  readonly store: EventStore
  readonly snapshot: AnySnapshot
}

interface Held {
  readonly id: string
  readonly store: EventStore
  readonly selection: Selection
  /** What a server renders. */
  readonly initial: AnySnapshot
}

function subscribeToNothing(): () => void {
  return () => {}
}
