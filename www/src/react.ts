import {
  createContext, createElement, useContext, useEffect, useLayoutEffect, useMemo, useState, useSyncExternalStore,
  type FunctionComponent, type PropsWithChildren,
} from 'react'
import { EventSource } from './index.js'
import { defined, EventStore, requestOf, StreamStore, streamDefaults, suspend, type AnySnapshot, type MaybeUrl } from './store.js'
import type { SourceActions, StreamActions, StreamSnapshot } from './hooks/calls.js'
import type {
  AnyOptions, EventOf, Listed, Mapping, Parsing, Reduced, Snapshot, SourceOptions, StoreOptions, StreamOptions, WrongStoreOptions, WrongStreamOptions,
} from './hooks/types.js'

export { DecodeError, InitError, openConnections, type MaybeUrl, type OpenConnection } from './store.js'
export type * from './hooks/calls.js'
export type * from './hooks/types.js'
export type * from './types.js'

/** The result of `useEventSource`. */
export interface EventSourceResult<Map, Data> extends Snapshot<EventOf<Map>, Data>, SourceActions {
  /** The same as `data`. */
  readonly eventData: Data
  /** The same as `reconnect`. */
  restartConnection(this: void): void
  /** The same as `close`. */
  closeConnection(this: void): void
}

/** The result of `useEventStream`. */
export interface EventStreamResult<Map, Data> extends StreamSnapshot<Map, Data>, StreamActions<Data> {}

/** Default options for the hooks below it. */
export const EventSourceDefaults: FunctionComponent<PropsWithChildren<{ options: Partial<AnyOptions> }>> = ({ options, children }) =>
  createElement(Defaults.Provider, { value: options }, children)

const Defaults = createContext<Partial<AnyOptions>>({})

interface Suspending {
  /**
   * Suspends until the first event; throws to the error boundary if the connection fails before. React does not report
   * when a suspended component is discarded, so its connection closes some seconds later. The same delay applies to a
   * component that unmounts within five seconds of its first event.
   */
  suspense?: boolean | undefined
}

/**
 * Shows an event stream. Components that make the same request share one connection, which closes after the last one
 * unmounts.
 *
 * @example
 * const { data, status } = useEventSource('/prices', { parse: PriceSchema })
 */
export function useEventSource<Map extends object, State = Map[keyof Map] | undefined, Next = State, Selected = Reduced<State, Next>>(
  url: MaybeUrl,
  options: StoreOptions<Map, State, Next, Selected> & Suspending & Mapping<Map>,
): EventSourceResult<Map, Selected>
export function useEventSource<Data, State = Data | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string>(
  url: MaybeUrl,
  options: StoreOptions<Record<Types, Data>, State, Next, Selected> & Suspending & Listed<Types> & Parsing<Data>,
): EventSourceResult<Record<Types, Data>, Selected>
export function useEventSource<
  Text extends string = string, State = Text | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string,
>(
  url: MaybeUrl,
  options?: StoreOptions<Record<Types, Text>, State, Next, Selected> & Suspending & Listed<Types>,
): EventSourceResult<Record<Types, Text>, Selected>
export function useEventSource(url: MaybeUrl, options: WrongStoreOptions & Suspending): never
export function useEventSource(url: MaybeUrl, given: object = {}): EventSourceResult<AnyMap, unknown> {
  const { suspense = false, ...options } = useOptions(given)
  const request = requestOf(url, options)
  const held = useHeld<EventStore>(
    (store) => store.isFor(request, options),
    (previous) => new EventStore(url, options, { previous: previous?.getSnapshot() }),
  )
  const { store } = held
  if (suspense && request !== undefined && options.enabled !== false) suspend(store, request, options)
  return useResult(held, url, options, {
    close: store.close, reconnect: store.reconnect, restartConnection: store.reconnect, closeConnection: store.close,
  })
}

/**
 * Shows the event stream that answers a request triggered by an action, such as a chat's next turn or a long job.
 * The request is made once. A stream that breaks off is `truncated`; retrying is up to the page. Not every browser
 * reports a body that broke off: use `complete` to detect it.
 *
 * @example
 * const { data, send, stop } = useEventStream('/chat', { reducer: (text, event) => text + event.data, initialState: '' })
 */
export function useEventStream<Map extends object, State = Map[keyof Map] | undefined, Next = State, Selected = Reduced<State, Next>>(
  url: string | URL,
  options: StreamOptions<Map, State, Next, Selected> & Mapping<Map>,
): EventStreamResult<Map, Selected>
export function useEventStream<Data, State = Data | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string>(
  url: string | URL,
  options: StreamOptions<Record<Types, Data>, State, Next, Selected> & Listed<Types> & Parsing<Data>,
): EventStreamResult<Record<Types, Data>, Selected>
export function useEventStream<
  Text extends string = string, State = Text | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string,
>(
  url: string | URL,
  options?: StreamOptions<Record<Types, Text>, State, Next, Selected> & Listed<Types>,
): EventStreamResult<Record<Types, Text>, Selected>
export function useEventStream(url: string | URL, options: WrongStreamOptions): never
export function useEventStream(url: string | URL, given: object = {}): EventStreamResult<AnyMap, unknown> {
  const options = useOptions(given, streamDefaults)
  const held = useHeld<StreamStore>(always, () => new StreamStore(url, options))
  const { send, stop, retry, reset, setMessages } = held.store
  return useResult(held, url, options, { send, stop, retry, regenerate: retry, reset, setMessages }) as EventStreamResult<AnyMap, unknown>
}

type AnyMap = Record<string, unknown>

const always = (): boolean => true

function useOptions(given: object, applicable = (defaults: object) => defaults): SourceOptions & Suspending {
  return { EventSource, ...defined(applicable(useContext(Defaults))), ...defined(given) } as SourceOptions & Suspending
}

/** What a component keeps while its request stays the same. */
class Held<Store extends EventStore = EventStore> {
  readonly store: Store
  /** Rendered before the first flush. It stays fixed, so that components rendered together show the same. */
  readonly first: AnySnapshot
  /** The one that it replaces, until it has. */
  previous: Held<Store> | undefined
  /** The members of its result that the component reads. Only their changes render. */
  readonly #read = new Set<string>()
  /** The snapshot that is rendered, or about to be. */
  #shown: AnySnapshot | undefined
  #select: SourceOptions['select']
  #show: (shown: Shown) => void = () => {}

  constructor(store: Store, previous?: Held<Store>) {
    this.store = store
    this.previous = previous
    this.first = store.getSnapshot()
  }

  committed(shown: AnySnapshot, select: SourceOptions['select'], show: (shown: Shown) => void): void {
    const isFirst = this.#shown === undefined
    this.#shown = shown
    this.#select = select
    this.#show = show
    // Events since the render are shown before the paint, in all components of the connection.
    if (isFirst || this.#isOutdated()) this.store.flushAll()
    this.update()
  }

  readonly update = (): void => {
    if (!this.#isOutdated()) return
    const snapshot = this.store.getSnapshot()
    this.#shown = this.store.getSelected(snapshot, this.#select)
    this.#show({ by: this, snapshot })
  }

  #isOutdated(): boolean {
    const shown = this.#shown
    if (shown === undefined) return false
    const latest = this.store.getSelected(undefined, this.#select)
    return latest !== shown && [...this.#read].some((name) => !Object.is(Reflect.get(latest, name), Reflect.get(shown, name)))
  }

  /** The result for a component, which tracks the members that the component reads. */
  result<Actions extends object>(snapshot: AnySnapshot, actions: Actions): AnySnapshot & Actions & { eventData: unknown } {
    return new Proxy({ ...snapshot, ...actions, eventData: snapshot.data }, {
      get: (values, name) => {
        this.#noticeRead(name === 'eventData' ? 'data' : name)
        return Reflect.get(values, name)
      },
    })
  }

  #noticeRead(name: string | symbol): void {
    if (typeof name === 'symbol' || this.#read.has(name)) return
    this.#read.add(name)
    if (name === 'retryInMs') this.store.startClock()
    // A member first read after rendering may have changed by now.
    if (this.#shown !== undefined) queueMicrotask(this.update)
  }
}

interface Shown {
  readonly by: Held
  readonly snapshot: AnySnapshot
}

function useHeld<Store extends EventStore>(isSame: (store: Store) => boolean, make: (previous?: Store) => Store): Held<Store> {
  const [held, keep] = useState(() => new Held(make()))
  if (isSame(held.store)) return held
  const next = new Held(make(held.store), held)
  keep(next)
  return next
}

/**
 * Renders with every flush that changes what the component reads. Uses state, not `useSyncExternalStore`, whose updates
 * interrupt every transition on the page: with an event per frame, none would finish.
 */
function useResult<Actions extends object>(
  held: Held, url: MaybeUrl, options: SourceOptions, actions: Actions,
): AnySnapshot & Actions & { eventData: unknown } {
  const { store, first } = held
  const { select } = options
  const isHydrating = useSyncExternalStore(subscribeToNothing, () => false, () => true)
  const [shown, show] = useState<Shown>()
  const snapshot = shown?.by === held ? shown.snapshot : isHydrating ? store.initialSnapshot : first
  const selected = store.getSelected(snapshot, select)

  useClientLayoutEffect(() => held.committed(selected, select, show))
  // Before the subscription, which is an effect too, so that the first calls use the functions of this render.
  useEffect(() => store.configure(url, options))
  useEffect(() => {
    const unsubscribe = store.subscribe(held.update)
    held.previous?.store.discard()
    held.previous = undefined
    return unsubscribe
  }, [store, held])
  return useMemo(() => held.result(selected, actions), [held, selected])
}

/** On a server, React 18 warns of layout effects. */
const useClientLayoutEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

function subscribeToNothing(): () => void {
  return () => {}
}
