import type { SourceActions, StreamActions } from './calls.js'
import type { MaybeUrl } from './request.js'
import type { AnySnapshot } from './snapshot.js'
import type { EventStore } from './store.js'
import type { StreamStore } from './stream-store.js'
import type { AnyOptions, SourceClass, SourceOptions } from './types.js'

/** The input of a store from an adapter: the current URL and options. */
export type Current = readonly [url: MaybeUrl, options: SourceOptions]

/** Returns a function that reads them, with a default for the class to construct. */
export function reader(EventSource: SourceClass, url: unknown, options: unknown): () => Current {
  return () => [valueOf(url) as MaybeUrl, { EventSource, ...defined(Object(valueOf(options)) as object) } as SourceOptions]
}

function valueOf(given: unknown): unknown {
  return typeof given === 'function' ? given() : given
}

/** Treats undefined options as absent. */
export function defined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options
}

/**
 * Configures a store with what was read after a change, and with a second reading: headers that differ from it are
 * different in every reading.
 */
export function configure(store: EventStore, read: Current, current: () => Current): void {
  store.configure(...read)
  store.configure(...current())
}

/** The defaults of an application that a stream takes which answers a request. */
export function streamDefaults({ reconnect, share, body, json, ...others }: Partial<AnyOptions>): object {
  return others
}

export type StoreClass<Store extends EventStore> = new (...current: Current) => Store
export type ActionsOf<Store extends EventStore> = (store: Store, current: () => Current) => object

/** The snapshot that a component shows: on a server and during hydration, the one without a connection. */
export function shownOf(store: EventStore, isServerRendered = typeof document === 'undefined'): AnySnapshot {
  return store.getSelected(isServerRendered ? store.initialSnapshot : undefined)
}

/** Makes something of each field of a store's snapshots. Reading the countdown starts it. */
export function fieldsOf<Field>(store: EventStore, make: (read: (snapshot: AnySnapshot) => unknown) => Field): Record<string, Field> {
  return Object.fromEntries(Object.keys(store.initialSnapshot).map((name) => [name, make((snapshot) => {
    if (name === 'retryInMs') store.startClock()
    return Reflect.get(snapshot, name)
  })]))
}

/** The actions of a connection, for a component. */
export function sourceActions({ close, reconnect }: EventStore): SourceActions {
  return { close, reconnect }
}

/**
 * The actions of a stream that answers a request, which uses the options at the time of the call. `current` must read them
 * untracked: an effect that sends a request must not send another for a new token.
 */
export function streamActions(store: StreamStore, current: () => Current): StreamActions {
  const latest = <Parameters extends unknown[], Result>(work: (...parameters: Parameters) => Result) => (...parameters: Parameters) => {
    store.configure(...current())
    return work(...parameters)
  }
  const { stop, reset, setMessages } = store
  const retry = latest(store.retry)
  return { send: latest(store.send), stop, retry, regenerate: retry, reset, setMessages }
}
