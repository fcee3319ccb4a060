import { connect, Connection, connectingState, connectionOf, idleState } from './connection.js'
import { EventStore } from './store.js'
import type { StoreRequest } from './request.js'
import type { SourceOptions } from './types.js'

const nowhere = { initialState: idleState, existing: () => undefined, open: () => undefined }

/** Opens a store of the connection that all who make this request share; without a request, one that stays idle. */
export function openStore(request: StoreRequest | undefined, options: SourceOptions): EventStore {
  if (request === undefined) return new EventStore(options, nowhere)
  const { key, url } = request
  return new EventStore(options, {
    initialState: connectingState,
    existing: () => connectionOf(key),
    open: (current, lastEventId) => connect(key, { url, options: current, lastEventId }),
  })
}

/** Opens a store that is idle until `send` makes a request, and never repeats one. */
export function openStream(options: SourceOptions): EventStore {
  return new EventStore(options, nowhere)
}

/** Makes the one request of a stream, with this body, in place of one that may still be under way. */
export function send(store: EventStore, url: string | URL, options: SourceOptions, body: BodyInit | null | undefined): void {
  const method = options.method ?? 'POST'
  const request = { method, reconnect: false, ...(body !== undefined && { body }) }
  store.restart(new Connection({ url, options, request }))
}
