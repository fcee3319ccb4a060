import {
  computed, getCurrentInstance, onActivated, onDeactivated, onMounted, shallowRef, toValue, triggerRef, watch,
  type ComputedRef, type MaybeRefOrGetter, type ShallowRef,
} from 'vue'
import { EventSource } from './index.js'
import { openStore, openStream, send } from './hooks/open.js'
import { newOwner, requestOf, type MaybeUrl } from './hooks/request.js'
import { Selection } from './hooks/selection.js'
import { idle, typesOf, type AnySnapshot, type EventStore } from './hooks/store.js'
import type { AnyOptions, Decoder, Decoders, EventOf, Snapshot, SourceOptions, StoreOptions, StreamOptions } from './hooks/types.js'

export { DecodeError } from './decode/decoding.js'
export { InitError, type MaybeUrl } from './hooks/request.js'
export type * from './hooks/types.js'
export type * from './types.js'

type Refs<Values> = { readonly [Name in keyof Values]: Readonly<ShallowRef<Values[Name]>> }

/** What `useEventSource` returns: a ref of everything in a snapshot, and what can be done with the connection. */
export interface EventSourceRefs<Map, Data> extends Refs<Snapshot<EventOf<Map>, Data>> {
  /** Closes the connection, for all who share it, until `reconnect`. */
  close(this: void): void
  /** Makes a request now that resumes after the last event. */
  reconnect(this: void): void
  /** The same as `data`. */
  readonly eventData: Readonly<ShallowRef<Data>>
  /** Whether there is no connection and none is being made. */
  readonly isStopped: Readonly<ShallowRef<boolean>>
  /** The same as `reconnect`. */
  restartConnection(this: void): void
  /** The same as `close`. */
  closeConnection(this: void): void
}

/** What `useEventStream` returns. */
export interface EventStreamRefs<Map, Data> extends Refs<Snapshot<EventOf<Map>, Data>> {
  /** Makes the request, in place of one that is under way. Nothing repeats it but another call. */
  send(this: void, body?: BodyInit | null): void
  /** Ends the request. What has arrived stays. */
  stop(this: void): void
}

/**
 * Shows an event stream. Components that make the same request share one connection, which closes after the last of
 * them is gone. Kept-alive components leave it while they are not shown.
 *
 * @example
 * const { data, status } = useEventSource(() => `/prices/${symbol.value}`, { parse: PriceSchema })
 */
export function useEventSource<Map extends object, State = Map[keyof Map] | undefined, Selected = State>(
  url: MaybeRefOrGetter<MaybeUrl>,
  options: MaybeRefOrGetter<StoreOptions<Map, State, Selected> & { types: Decoders<Map> }>,
): EventSourceRefs<Map, Selected>
export function useEventSource<Data, State = Data | undefined, Selected = State>(
  url: MaybeRefOrGetter<MaybeUrl>,
  options: MaybeRefOrGetter<StoreOptions<Record<string, Data>, State, Selected> & { parse: Decoder<Data> }>,
): EventSourceRefs<Record<string, Data>, Selected>
export function useEventSource<Text extends string = string, State = Text | undefined, Selected = State>(
  url: MaybeRefOrGetter<MaybeUrl>,
  options?: MaybeRefOrGetter<StoreOptions<Record<string, Text>, State, Selected>>,
): EventSourceRefs<Record<string, Text>, Selected>
export function useEventSource(
  url: MaybeRefOrGetter<MaybeUrl>,
  given: MaybeRefOrGetter<AnyOptions> = {},
): EventSourceRefs<AnyMap, unknown> {
  const owner = newOwner()
  const options = computed(() => withClass(toValue(given)))
  const request = computed(() => requestOf(toValue(url), options.value, owner))
  const isShown = useIsShown()
  const { refs, store } = useStore({
    options,
    name: () => request.value?.key ?? '',
    open: () => openStore(request.value, options.value),
    isEnabled: () => request.value !== undefined && options.value.enabled !== false,
    isShown: () => isShown.value,
  })
  const close = (): void => store.value.close()
  const reconnect = (): void => store.value.reconnect()
  return {
    ...refs,
    close,
    reconnect,
    eventData: refs.data,
    isStopped: computed(() => refs.readyState.value === CLOSED),
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
  url: MaybeRefOrGetter<string | URL>,
  options: MaybeRefOrGetter<StreamOptions<Map, State, Selected> & { types: Decoders<Map> }>,
): EventStreamRefs<Map, Selected>
export function useEventStream<Data, State = Data | undefined, Selected = State>(
  url: MaybeRefOrGetter<string | URL>,
  options: MaybeRefOrGetter<StreamOptions<Record<string, Data>, State, Selected> & { parse: Decoder<Data> }>,
): EventStreamRefs<Record<string, Data>, Selected>
export function useEventStream<Text extends string = string, State = Text | undefined, Selected = State>(
  url: MaybeRefOrGetter<string | URL>,
  options?: MaybeRefOrGetter<StreamOptions<Record<string, Text>, State, Selected>>,
): EventStreamRefs<Record<string, Text>, Selected>
export function useEventStream(
  url: MaybeRefOrGetter<string | URL>,
  given: MaybeRefOrGetter<AnyOptions> = {},
): EventStreamRefs<AnyMap, unknown> {
  const options = computed(() => withClass(toValue(given)))
  const { refs, store } = useStore({
    options,
    name: () => '',
    open: () => openStream(options.value),
    isEnabled: () => true,
    // Not stopped while its component is kept alive out of sight: nothing could resume it.
    isShown: () => true,
  })
  return {
    ...refs,
    send: (body) => send(store.value, toValue(url), options.value, body),
    stop: () => store.value.close(),
  }
}

const CLOSED = 2

type AnyMap = Record<string, unknown>

function withClass(options: AnyOptions): SourceOptions {
  return { ...options, EventSource: options.EventSource ?? EventSource }
}

/** Whether the component is in the document. Never on a server; outside of components always but there. */
function useIsShown(): Readonly<ShallowRef<boolean>> {
  if (getCurrentInstance() === null) return shallowRef(typeof document !== 'undefined')
  const isShown = shallowRef(false)
  const set = (value: boolean) => () => { isShown.value = value }
  onMounted(set(true))
  onActivated(set(true))
  onDeactivated(set(false))
  return isShown
}

interface StoreUse {
  readonly options: ComputedRef<SourceOptions>
  /** A store is kept while its name and event types stay. */
  name(): string
  open(): EventStore
  isEnabled(): boolean
  isShown(): boolean
}

interface ShownStore {
  readonly store: ShallowRef<EventStore>
  readonly refs: Refs<AnySnapshot>
}

/** Shows a store in refs. Whatever is reactive about it ends with the scope, and so does its subscription. */
function useStore({ options, name, open, isEnabled, isShown }: StoreUse): ShownStore {
  const store = shallowRef(open())
  watch(() => `${name()} ${typesOf(options.value).join(' ')}`, () => { store.value = open() })

  let selection = new Selection()
  const { initialSnapshot } = store.value
  const refs = shallowRefs(selection.of(isEnabled() ? initialSnapshot : idle(initialSnapshot), options.value.select))
  const show = (): void => {
    const snapshot = isEnabled() ? store.value.getSnapshot() : store.value.getIdleSnapshot()
    assign(refs, selection.of(snapshot, options.value.select))
  }
  watch(store, () => { selection = new Selection() })
  watch(options, (current) => {
    store.value.configure(current)
    if (isShown()) show()
  })
  watch([() => store.value, () => isEnabled() && isShown(), isShown], ([current, isConnected], _previous, onCleanup) => {
    if (isConnected) onCleanup(current.subscribe(show))
    if (isShown()) show()
  }, { immediate: true })
  return { store, refs }
}

type MutableRefs = { readonly [Name in keyof AnySnapshot]: ShallowRef<AnySnapshot[Name]> }

function shallowRefs(snapshot: AnySnapshot): MutableRefs {
  return Object.fromEntries(Object.entries(snapshot).map(([name, value]) => [name, shallowRef(value)])) as MutableRefs
}

function assign(refs: MutableRefs, snapshot: AnySnapshot): void {
  const isRepeated = refs.event.value !== snapshot.event && Object.is(refs.data.value, snapshot.data)
  for (const name of Object.keys(refs) as (keyof AnySnapshot)[]) (refs[name] as ShallowRef<unknown>).value = snapshot[name]
  // An event with equal data is another event.
  if (isRepeated) triggerRef(refs.data)
}
