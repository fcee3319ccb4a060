import { createComputed, createMemo, createSignal, on, onCleanup, onMount, sharedConfig, untrack } from 'solid-js'
import { EventSource } from './index.js'
import { configure, EventStore, fieldsOf, reader, shownOf, sourceActions, streamActions, StreamStore, type ActionsOf, type Current, type StoreClass } from './store.js'
import type { ShowSource, ShowStream, SourceView, StreamView } from './hooks/calls.js'

export { DecodeError, InitError, openConnections, type MaybeUrl, type OpenConnection } from './store.js'
export type * from './hooks/calls.js'
export type * from './hooks/types.js'
export type * from './types.js'

/**
 * Shows an event stream for the lifetime of its component or root. The URL and the options may be functions, which are
 * tracked. The members of the result are reactive: do not destructure it.
 *
 * @example
 * const prices = useEventSource(() => `/prices/${symbol()}`, { parse: PriceSchema })
 */
export const useEventSource: ShowSource<SourceView> =
  (url: unknown, options?: unknown): never => show(EventStore, sourceActions, url, options)

/**
 * Shows the event stream that answers a request triggered by an action, such as a chat's next turn or a long job.
 *
 * @example
 * const chat = useEventStream('/chat', { reducer: (text, event) => text + event.data, initialState: '' })
 */
export const useEventStream: ShowStream<StreamView> =
  (url: unknown, options?: unknown): never => show(StreamStore, streamActions, url, options)

function show<Store extends EventStore>(Store: StoreClass<Store>, actionsOf: ActionsOf<Store>, url: unknown, options: unknown): never {
  const current = reader(EventSource, url, options)
  const now = (): Current => untrack(current)
  const store = new Store(...now())
  // Hydration must produce what the server rendered.
  const [snapshot, set] = createSignal(shownOf(store, Boolean(sharedConfig.context)))
  const update = (): void => { set(store.getSelected()) }
  createComputed(on(current, (read) => {
    configure(store, read, current)
    update()
  }, { defer: true }))
  onMount(() => {
    onCleanup(store.subscribe(update))
    update()
  })
  const fields = fieldsOf(store, (read) => ({ enumerable: true, get: createMemo(() => read(snapshot())) }))
  return Object.defineProperties(actionsOf(store, now), fields) as never
}
