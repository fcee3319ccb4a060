import { connect, GRACE_MS, type Connection, type Receiver } from './connection.js'
import { schedule } from './flush.js'
import { hasOpaqueParts, type StoreRequest } from './request.js'
import type { EventStore } from './store.js'
import type { SourceOptions } from './types.js'

const CLOSED = 2

/**
 * To be called while rendering: throws a promise until there is something to render, and an error if there never will.
 * The connection is opened without a component, which React forgets while it waits.
 */
export function suspend(store: EventStore, request: StoreRequest, options: SourceOptions): void {
  if (typeof document === 'undefined') {
    throw new Error('with suspense, a server renders the fallback: event streams open in the browser')
  }
  if (hasOpaqueParts(options) && options.key === undefined) {
    throw new TypeError('suspense needs the option key, for the request has parts that cannot be compared by value')
  }
  const { event, error, status } = store.getSnapshot()
  if (event !== undefined || error?.kind === 'decode' || status === 'closed' || status === 'done') return
  const connection = connect(request, { options })
  if (status !== 'failed') throw whenReady(connection, store.types)
  // Not before React has rendered this a second time, which it does before anybody can see it. Then, to try again is to connect again.
  schedule('frame', () => connection.release())
  throw error instanceof Error ? error : new Error(error?.message, { cause: error })
}

/**
 * Resolves when there is something to render: an event, or the end. The connection is held for whoever does it. Also
 * resolves after a while without, for React does not tell when a component that waits is gone: one that is still there
 * renders, and waits again.
 */
function whenReady(connection: Connection, types: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const ready = (): void => {
      clearTimeout(timer)
      connection.hold()
      connection.leave(receiver)
      // After the flush of a store that waits for a frame too.
      schedule('frame', resolve)
    }
    const timer = setTimeout(ready, GRACE_MS)
    const receiver: Receiver = {
      types,
      receive: ready,
      stateChanged: ({ readyState }) => {
        if (readyState === CLOSED) ready()
      },
    }
    connection.hold()
    connection.join(receiver)
  })
}
