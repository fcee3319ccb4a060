import type { SourceActions, StreamActions } from './calls.js'
import type { MaybeUrl } from './request.js'
import type { AnySnapshot } from './snapshot.js'
import type { EventStore } from './store.js'
import type { StreamStore } from './stream-store.js'
import type { SourceClass, SourceOptions } from './types.js'

/** What an adapter gives a store: the URL and the options as they are now. */
export type Current = readonly [url: MaybeUrl, options: SourceOptions]

/** Reads them, with a class to construct for options that name none. */
export function reader(EventSource: SourceClass, url: unknown, options: unknown): () => Current {
  return () => [valueOf(url) as MaybeUrl, { EventSource, ...defined(Object(valueOf(options)) as object) } as SourceOptions]
}

function valueOf(given: unknown): unknown {
  return typeof given === 'function' ? given() : given
}

/** An option that is undefined is as one that is not there. */
export function defined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options
}

export type StoreClass<Store extends EventStore> = new (...current: Current) => Store
export type ActionsOf<Store extends EventStore> = (store: Store, current: () => Current) => object

/** What a component shows of a store: on a server, and where a page takes over from there, what is known without a connection. */
export function shownOf(store: EventStore, isServerRendered = typeof document === 'undefined'): AnySnapshot {
  return store.getSelected(isServerRendered ? store.initialSnapshot : undefined)
}

/** Makes something of each field of a store's snapshots. Whoever reads the countdown has it count. */
export function fieldsOf<Field>(store: EventStore, make: (read: (snapshot: AnySnapshot) => unknown) => Field): Record<string, Field> {
  return Object.fromEntries(Object.keys(store.initialSnapshot).map((name) => [name, make((snapshot) => {
    if (name === 'retryInMs') store.startClock()
    return Reflect.get(snapshot, name)
  })]))
}

/** What a component can do with a connection. */
export function sourceActions({ close, reconnect }: EventStore): SourceActions {
  return { close, reconnect }
}

/** What it can do with a stream that answers a request, which is made with what the options are by then. */
export function streamActions(store: StreamStore, current: () => Current): StreamActions {
  const latest = <Parameters extends unknown[], Result>(work: (...parameters: Parameters) => Result) => (...parameters: Parameters) => {
    store.configure(...current())
    return work(...parameters)
  }
  const { stop, reset, setMessages } = store
  const retry = latest(store.retry)
  return { send: latest(store.send), stop, retry, regenerate: retry, reset, setMessages }
}
