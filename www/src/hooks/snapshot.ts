import { idleState } from './connection.js'
import type { AnyEvent, Reading } from './reading.js'
import type { Turns } from './turns.js'
import type { ConnectionState, Snapshot, Turn } from './types.js'

export type AnySnapshot = Snapshot<AnyEvent, unknown> & { readonly messages?: readonly Turn[] }

/** The snapshot of a connection and a reading of its events. */
export function snapshotOf(state: ConnectionState, reading: Reading, lastEventId: string, turns?: Turns): AnySnapshot {
  const { data, event, events } = reading
  const messages = turns && { messages: turns.list(event !== undefined, data) }
  return derived({ ...state, error: state.error ?? reading.error, data, event, events, lastEventId, isPreviousData: false, ...messages })
}

/** The same without a connection. */
export function idle(snapshot: AnySnapshot): AnySnapshot {
  return derived({ ...snapshot, ...idleState })
}

/** The same with the data of the previous request. */
export function withPrevious(snapshot: AnySnapshot, { data, event, events }: AnySnapshot): AnySnapshot {
  return { ...snapshot, data, event, events, isPreviousData: true }
}

type Derived = 'isPending' | 'isOpen' | 'isReconnecting' | 'isDone' | 'isError' | 'isStopped' | 'retryInMs'

function derived(snapshot: Omit<AnySnapshot, Derived>): AnySnapshot {
  const { status, readyState, event, nextRetryAt } = snapshot
  return {
    ...snapshot,
    isPending: readyState !== CLOSED && event === undefined,
    isOpen: status === 'open',
    isReconnecting: status === 'reconnecting',
    isDone: status === 'done',
    isError: status === 'failed',
    isStopped: readyState === CLOSED,
    retryInMs: nextRetryAt === undefined ? undefined : Math.max(0, nextRetryAt - Date.now()),
  }
}

const CLOSED = 2
