import { connect, GRACE_MS, type Connection, type Receiver } from './connection.js'
import { errorOf } from './error-of.js'
import { schedule } from './flush.js'
import { isNameless, type StoreRequest } from './request.js'
import type { EventStore } from './store.js'
import type { SourceOptions } from './types.js'

const CLOSED = 2
/** How long a failure is rethrown: React renders several times before it shows an error. */
const FAILURE_MS = 100

/**
 * Call it while rendering: throws a promise until there is something to render, or an error if there never will be. The
 * connection is opened without a component, since React discards a suspended one.
 */
export function suspend(store: EventStore, request: StoreRequest, options: SourceOptions): void {
  if (typeof document === 'undefined') {
    throw new Error('with suspense, a server renders the fallback: event streams open in the browser')
  }
  if (isNameless(options)) {
    throw new TypeError('suspense needs the option key, for the request has parts that cannot be compared by value')
  }
  const { event, error, status } = store.getSnapshot()
  if (event !== undefined || error?.kind === 'decode' || status === 'closed' || status === 'done' || status === 'idle') return
  const connection = connect(request, options)
  if (error === undefined || status !== 'failed') throw whenReady(connection, store.types, options)
  // After that, a retry connects again.
  setTimeout(() => connection.release(), FAILURE_MS)
  throw errorOf(error)
}

/**
 * Resolves when there is something to render: an event, or the end. The connection is held for that render. Also resolves
 * after a timeout, since React does not report when a suspended component is discarded: one that still exists renders
 * and suspends again.
 */
function whenReady(connection: Connection, types: readonly string[], options: SourceOptions): Promise<void> {
  const name = String(types)
  const promises = waiting.get(connection) ?? new Map<string, Promise<void>>()
  waiting.set(connection, promises)
  // One promise for all suspended renders: React renders again for each promise.
  const promise = promises.get(name) ?? newPromise(connection, types, options, () => promises.delete(name))
  promises.set(name, promise)
  return promise
}

const waiting = new WeakMap<Connection, Map<string, Promise<void>>>()

function newPromise(connection: Connection, types: readonly string[], options: SourceOptions, onReady: () => void): Promise<void> {
  return new Promise((resolve) => {
    const ready = (): void => {
      onReady()
      clearTimeout(timer)
      connection.hold()
      connection.leave(receiver)
      // Scheduled after the flush of a store that also waits for a frame.
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
    connection.join(receiver, options)
  })
}
