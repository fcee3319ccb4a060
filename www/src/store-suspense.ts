import { connect, type Connection, type Receiver } from './store-connection.js'
import { schedule } from './store-flush.js'
import { hasOpaqueParts, type StoreRequest } from './store-request.js'
import type { EventStore } from './store.js'
import type { SourceOptions } from './store-types.js'

const CLOSED = 2

/** How long a connection waits for a component that was told to render again, and may have to wait for others. */
const GRACE_MS = 5_000
/** When it has failed, the next attempt to render is to open a new one. */
const FAILED_GRACE_MS = 500

/**
 * To be called while rendering: throws a promise until there is something to render, and an error if there never will.
 * The connection is opened without a component, which React forgets while it waits.
 */
export function suspend(store: EventStore, request: StoreRequest, options: SourceOptions): void {
  if (typeof document === 'undefined') throw new Error('with suspense, a server renders the fallback: event streams open in the browser')
  if (hasOpaqueParts(options) && options.key === undefined) {
    throw new TypeError('suspense needs the option key, for the request has parts that cannot be compared by value')
  }
  const { event, error, status } = store.getSnapshot()
  if (event !== undefined || error?.kind === 'decode' || status === 'closed') return
  if (status === 'failed') throw new Error(error?.message, { cause: error })
  const connection = connect(request.key, { url: request.url, options, lastEventId: options.lastEventId ?? '' })
  throw whenReady(connection, store.types)
}

/**
 * Keeps a connection open for a component that is not mounted yet, with all that it receives. Resolves when there is
 * something to render: an event, or the end.
 */
function whenReady(connection: Connection, types: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    let isReady = false
    const ready = (graceMs: number): void => {
      if (isReady) return
      isReady = true
      // After the flush of a store that waits for a frame too.
      schedule('frame', resolve)
      setTimeout(() => {
        connection.leave(receiver)
        connection.dropBacklog()
      }, graceMs)
    }
    const receiver: Receiver = {
      types,
      receive: () => ready(GRACE_MS),
      stateChanged: ({ readyState }) => {
        if (readyState === CLOSED) ready(FAILED_GRACE_MS)
      },
    }
    connection.keepBacklog()
    connection.join(receiver)
  })
}
