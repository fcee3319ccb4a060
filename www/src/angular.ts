import { computed, DestroyRef, effect, inject, signal, untracked, type Signal } from '@angular/core'
import { EventSource } from './index.js'
import { configure, EventStore, fieldsOf, reader, shownOf, sourceActions, streamActions, StreamStore, type ActionsOf, type Current, type StoreClass } from './store.js'
import type { Shape, ShowSource, ShowStream, SourceActions, StreamActions, StreamSnapshot } from './hooks/calls.js'
import type { EventOf, Snapshot } from './hooks/types.js'

export { DecodeError, InitError, openConnections, type MaybeUrl, type OpenConnection } from './store.js'
export type * from './hooks/calls.js'
export type * from './hooks/types.js'
export type * from './types.js'

export type Signals<Values> = { readonly [Name in keyof Values]: Signal<Values[Name]> }

export interface SourceSignals extends Shape {
  readonly result: Signals<Snapshot<EventOf<this['map']>, this['data']>> & SourceActions
}

export interface StreamSignals extends Shape {
  readonly result: Signals<StreamSnapshot<this['map'], this['data']>> & StreamActions<this['data']>
}

/**
 * Shows an event stream in signals until its component or service is destroyed. Call it in an injection context. The URL
 * and the options may be signals or functions, which are tracked and may read inputs.
 *
 * @example
 * prices = injectEventSource(() => `/prices/${this.symbol()}`, { parse: PriceSchema })
 */
export const injectEventSource: ShowSource<SourceSignals> =
  (url: unknown, options?: unknown): never => show(EventStore, sourceActions, url, options)

/**
 * Shows the event stream that answers a request triggered by an action, such as a chat's next turn or a long job.
 *
 * @example
 * chat = injectEventStream('/chat', { reducer: (text, event) => text + event.data, initialState: '' })
 */
export const injectEventStream: ShowStream<StreamSignals> =
  (url: unknown, options?: unknown): never => show(StreamStore, streamActions, url, options)

function show<Store extends EventStore>(Store: StoreClass<Store>, actionsOf: ActionsOf<Store>, url: unknown, options: unknown): never {
  const current = reader(EventSource, url, options)
  const store = new Store(...beforeInputs(current))
  const snapshot = signal(shownOf(store))
  const update = (): void => snapshot.set(shownOf(store))
  let leave: (() => void) | undefined
  effect(() => {
    const read = current()
    untracked(() => {
      configure(store, read, current)
      if (typeof document !== 'undefined') leave ??= store.subscribe(update)
      update()
    })
  })
  inject(DestroyRef).onDestroy(() => leave?.())
  return Object.assign(actionsOf(store, () => untracked(current)), fieldsOf(store, (read) => computed(() => read(snapshot())))) as never
}

/** Reading a required input throws while it has no value. */
function beforeInputs(current: () => Current): Current {
  try {
    return untracked(current)
  } catch {
    return reader(EventSource, null, {})()
  }
}
