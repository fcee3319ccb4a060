import {
  computed, effectScope, getCurrentInstance, getCurrentScope, getCurrentWatcher, inject, hasInjectionContext, onActivated,
  onDeactivated, onMounted, onWatcherCleanup, shallowRef, toValue, triggerRef, watch,
  type EffectScope, type InjectionKey, type MaybeRef, type MaybeRefOrGetter, type Plugin, type ShallowRef,
} from 'vue'
import { EventSource } from './index.js'
import { configure, EventStore, shownOf, StreamStore, streamActions, streamDefaults, warn, type AnySnapshot, type Current, type MaybeUrl } from './store.js'
import { unwrapped } from './vue/unwrap.js'
import type { SourceActions, StreamActions, StreamSnapshot } from './hooks/calls.js'
import type {
  AnyOptions, AnyReading, Chat, EventOf, Listed, Mapping, Parsing, ReadingOptions, Reduced, Snapshot, SourceOptions, StoreSettings, StreamSettings,
} from './hooks/types.js'

export { DecodeError, InitError, openConnections, type MaybeUrl, type OpenConnection } from './store.js'
export type * from './hooks/calls.js'
export type * from './hooks/types.js'
export type * from './types.js'

type ChatOptions<Map, State, Next, Selected> = ReadingOptions<Map, State, Next, Selected> & Chat<Reduced<State, Next>>

/** Options, each of which may be a ref, or a getter unless the option is itself a function. */
type MaybeRefs<Options> = {
  [Name in keyof Options]: MaybeRef<Options[Name]> | (Name extends Functions ? never : () => Options[Name]) | (Name extends 'headers' ? Record<string, MaybeRefOrGetter<string>> : never)
}

type Functions = 'headers' | 'body' | 'json' | 'fetch' | 'resume' | 'complete' | 'onComment' | 'trace' | 'onOpen' | 'onError' | 'EventSource'

type Refs<Values> = { readonly [Name in keyof Values]: Readonly<ShallowRef<Values[Name]>> }

/** The result of `useEventSource`: a ref for each snapshot member, and the actions of the connection. */
export interface EventSourceRefs<Map, Data> extends Refs<Snapshot<EventOf<Map>, Data>>, SourceActions {
  /** The same as `data`. */
  readonly eventData: Readonly<ShallowRef<Data>>
  /** The same as `reconnect`. */
  restartConnection(this: void): void
  /** The same as `close`. */
  closeConnection(this: void): void
}

/** The result of `useEventStream`. */
export interface EventStreamRefs<Map, Data> extends Refs<StreamSnapshot<Map, Data>>, StreamActions<Data> {}

const defaultsKey: InjectionKey<MaybeRefOrGetter<Partial<AnyOptions>>> = Symbol('eventsource-wasm')

/** A plugin with default options for all composables of an application. */
export function eventSourceDefaults(options: MaybeRefOrGetter<Partial<AnyOptions>>): Plugin {
  return { install: (app) => { app.provide(defaultsKey, options) } }
}

/**
 * Shows an event stream. Components that make the same request share one connection, which closes after the last one
 * unmounts. Kept-alive components leave it while deactivated. Call it in `setup`, a lifecycle hook, a watcher or an
 * effect scope, such as a Pinia store: it ends with that.
 *
 * @example
 * const { data, status } = useEventSource(() => `/prices/${symbol.value}`, { parse: PriceSchema })
 */
export function useEventSource<Map extends object, State = Map[keyof Map] | undefined, Next = State, Selected = Reduced<State, Next>>(
  url: MaybeRefOrGetter<MaybeUrl>,
  options: MaybeRefOrGetter<MaybeRefs<StoreSettings> & ReadingOptions<Map, State, Next, Selected> & Mapping<Map>>,
): EventSourceRefs<Map, Selected>
export function useEventSource<Data, State = Data | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string>(
  url: MaybeRefOrGetter<MaybeUrl>,
  options: MaybeRefOrGetter<MaybeRefs<StoreSettings> & ReadingOptions<Record<Types, Data>, State, Next, Selected> & Listed<Types> & Parsing<Data>>,
): EventSourceRefs<Record<Types, Data>, Selected>
export function useEventSource<
  Text extends string = string, State = Text | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string,
>(
  url: MaybeRefOrGetter<MaybeUrl>,
  options?: MaybeRefOrGetter<MaybeRefs<StoreSettings> & ReadingOptions<Record<Types, Text>, State, Next, Selected> & Listed<Types>>,
): EventSourceRefs<Record<Types, Text>, Selected>
export function useEventSource(url: MaybeRefOrGetter<MaybeUrl>, options: MaybeRefs<StoreSettings> & AnyReading): never
export function useEventSource(
  url: MaybeRefOrGetter<MaybeUrl>,
  given: MaybeRefOrGetter<object> = {},
): EventSourceRefs<AnyMap, unknown> {
  const options = useOptions(given)
  const { store, refs } = useStore(new EventStore(toValue(url), options()), url, options, useIsShown())
  const { close, reconnect } = store
  return { ...refs, close, reconnect, eventData: refs.data, restartConnection: reconnect, closeConnection: close }
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
  url: MaybeRefOrGetter<string | URL>,
  options: MaybeRefOrGetter<MaybeRefs<StreamSettings> & ChatOptions<Map, State, Next, Selected> & Mapping<Map>>,
): EventStreamRefs<Map, Selected>
export function useEventStream<Data, State = Data | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string>(
  url: MaybeRefOrGetter<string | URL>,
  options: MaybeRefOrGetter<MaybeRefs<StreamSettings> & ChatOptions<Record<Types, Data>, State, Next, Selected> & Listed<Types> & Parsing<Data>>,
): EventStreamRefs<Record<Types, Data>, Selected>
export function useEventStream<
  Text extends string = string, State = Text | undefined, Next = State, Selected = Reduced<State, Next>, const Types extends string = string,
>(
  url: MaybeRefOrGetter<string | URL>,
  options?: MaybeRefOrGetter<MaybeRefs<StreamSettings> & ChatOptions<Record<Types, Text>, State, Next, Selected> & Listed<Types>>,
): EventStreamRefs<Record<Types, Text>, Selected>
export function useEventStream(url: MaybeRefOrGetter<string | URL>, options: MaybeRefs<StreamSettings> & AnyReading & Chat<unknown>): never
export function useEventStream(
  url: MaybeRefOrGetter<string | URL>,
  given: MaybeRefOrGetter<object> = {},
): EventStreamRefs<AnyMap, unknown> {
  const options = useOptions(given, streamDefaults)
  // Not stopped while its component is kept alive out of sight: nothing could resume it.
  const { store, refs } = useStore(new StreamStore(toValue(url), options()), url, options, shallowRef(true))
  return { ...refs, ...streamActions(store, () => untracked(() => [toValue(url), options()])) } as EventStreamRefs<AnyMap, unknown>
}

type AnyMap = Record<string, unknown>

/** A getter that tracks the options: without refs and proxies, merged with the application's defaults. */
function useOptions(given: MaybeRefOrGetter<object>, applicable = (defaults: object) => defaults): () => SourceOptions {
  const defaults = hasInjectionContext() ? inject(defaultsKey, {}) : {}
  return () => ({ EventSource, ...applicable(unwrapped(toValue(defaults))), ...unwrapped(toValue(given)) }) as SourceOptions
}

/** Reads outside of the effect that is running, which `watch` replaces by its own. */
function untracked<Value>(read: () => Value): Value {
  let value: Value | undefined
  watch(read, (now) => { value = now }, { immediate: true, once: true })
  return value as Value
}

/** Whether the component is in the document. Never on a server; elsewhere, scopes other than components always are. */
function useIsShown(): Readonly<ShallowRef<boolean>> {
  const instance = getCurrentInstance()
  if (instance === null || !isWithin(getCurrentScope(), instance)) return shallowRef(typeof document !== 'undefined')
  const isShown = shallowRef(instance.isMounted)
  const set = (value: boolean) => () => { isShown.value = value }
  onMounted(set(true))
  onActivated(set(true))
  onDeactivated(set(false))
  return isShown
}

/** Whether the scope ends with the component. A store's does not, even if the component is the first to use it. */
function isWithin(scope: EffectScope | undefined, instance: object): boolean {
  const own: unknown = Reflect.get(instance, 'scope')
  for (let one: unknown = scope; one !== undefined && one !== null; one = Reflect.get(one, 'parent')) if (one === own) return true
  return false
}

/** Runs `work` in a scope that ends. */
function inScope<Result>(work: () => Result): Result {
  if (getCurrentScope() !== undefined) return work()
  const scope = effectScope(true)
  if (getCurrentWatcher() !== undefined) onWatcherCleanup(() => scope.stop())
  else warn('a composable is called where nothing ends its connection, as after an await or in a handler: call it in setup, or in an effectScope')
  return scope.run(work) as Result
}

interface ShownStore<Store> {
  readonly store: Store
  readonly refs: RefsOf<AnySnapshot>
}

type RefsOf<Values> = { readonly [Name in keyof Values]-?: ShallowRef<Values[Name]> }

/** Shows a store in refs. Its reactivity and its subscription end with the scope. */
function useStore<Store extends EventStore>(
  store: Store, url: MaybeRefOrGetter<MaybeUrl>, options: () => SourceOptions, isShown: Readonly<ShallowRef<boolean>>,
): ShownStore<Store> {
  return inScope(() => {
    let shown = shownOf(store, isServerRendered())
    const refs = refsOf(shown, () => store.startClock())
    const show = (): void => {
      const previous = shown
      shown = store.getSelected()
      assign(refs, shown, previous)
    }
    const current = (): Current => [toValue(url), options()]
    watch(current, (read) => {
      configure(store, read, current)
      if (isShown.value) show()
    })
    watch(isShown, (isOn, _was, onCleanup) => {
      if (!isOn) return
      onCleanup(store.subscribe(show))
      show()
    }, { immediate: true, flush: 'sync' })
    return { store, refs }
  })
}

/** Whether the first render must match a server's: on the server and during hydration. */
function isServerRendered(): boolean {
  const instance = getCurrentInstance()
  return typeof document === 'undefined' || (instance !== null && !instance.isMounted && instance.vnode.el !== null)
}

/** A ref for each value. Reading the countdown starts it. */
function refsOf(snapshot: AnySnapshot, startClock: () => void): RefsOf<AnySnapshot> {
  const refs = Object.entries(snapshot).map(([name, value]) => {
    const ref = shallowRef(value)
    return [name, name === 'retryInMs' ? readNoticing(ref, startClock) : ref]
  })
  return Object.fromEntries(refs) as RefsOf<AnySnapshot>
}

function readNoticing<Value>(ref: ShallowRef<Value>, onRead: () => void): ShallowRef<Value> {
  return computed({
    get: () => {
      onRead()
      return ref.value
    },
    set: (value) => { ref.value = value },
  })
}

/** Reads no ref: an effect that calls an action must not run again for each event. */
function assign(refs: RefsOf<AnySnapshot>, snapshot: AnySnapshot, previous: AnySnapshot): void {
  const isRepeated = previous.event !== snapshot.event && Object.is(previous.data, snapshot.data)
  for (const [name, value] of Object.entries(snapshot)) (refs[name as keyof AnySnapshot] as ShallowRef<unknown>).value = value
  // An event with equal data is another event.
  if (isRepeated) triggerRef(refs.data)
}
