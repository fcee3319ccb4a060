import { onMount, untrack } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import { toStore } from 'svelte/store'
import { EventSource } from './index.js'
import { configure, EventStore, fieldsOf, reader, shownOf, sourceActions, streamActions, StreamStore, type ActionsOf, type Current, type StoreClass } from './store.js'
import type { ShowSource, ShowStream, SourceView, StreamView } from './hooks/calls.js'

export { DecodeError, InitError, openConnections, type MaybeUrl, type OpenConnection } from './store.js'
export type * from './hooks/calls.js'
export type * from './hooks/types.js'
export type * from './types.js'

/**
 * Shows an event stream, connected while its component is mounted; outside components, while an effect reads the result.
 * The URL and the options may be functions, which are tracked. The members of the result are getters: do not destructure
 * it.
 *
 * @example
 * const prices = useEventSource(() => `/prices/${symbol}`, { parse: PriceSchema })
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
  const subscribe = createSubscriber((update) => {
    const stop = toStore(current).subscribe((read) => untrack(() => {
      configure(store, read, current)
      update()
    }))
    const leave = store.subscribe(update)
    return () => {
      leave()
      stop()
    }
  })
  const fields = fieldsOf(store, (read) => ({
    enumerable: true,
    get: () => {
      subscribe()
      return read(shownOf(store))
    },
  }))
  try {
    // A component that reads nothing may still have handlers.
    onMount(() => toStore(subscribe).subscribe(() => {}))
  } catch {
    // Not in a component.
  }
  return Object.defineProperties(actionsOf(store, now), fields) as never
}
