import type { Attempt, ErrorKind, TraceEntry } from '../types.js'
import type { Answer } from './answer.js'
import type { BatchMemory } from '../wasm/batch-memory.js'

/** Records what happened. */
export type Trace = (type: TraceEntry['type'], facts?: object) => void

/** The request of an attempt. */
export interface AttemptRequest {
  readonly url: string
  readonly init: RequestInit
  /** Whether it may be repeated, if that differs from what the core knows. */
  readonly isSafe?: boolean
}

/** The end of a connection or attempt. */
export interface End {
  readonly kind: ErrorKind
  /** Milliseconds until the next request: negative if none follows, Infinity if it waits for something other than time. */
  readonly delayMs: number
  /** None follows, only because the request must not be repeated blindly. */
  readonly isWithheld: boolean
  readonly attempt: number
  /** If there was one. */
  readonly response: Answer | undefined
  /** The value that `fetch`, the body or a function of the init threw. */
  readonly cause: unknown
}

/**
 * Opens the source and receives its events. Only `request` may throw. A returned promise holds the source back until it
 * settles.
 */
export interface Owner {
  /** Set if tracing is on. */
  readonly trace: Trace | undefined
  request(attempt: Attempt): AttemptRequest | Promise<AttemptRequest>
  /** The connection is open. */
  announce(response: Answer): Promise<void> | undefined
  /** Dispatches events; without any, lets other tasks run. */
  dispatch(batch: BatchMemory): Promise<void> | undefined
  /** Called after that: resolves when consumers have taken what was dispatched. */
  taken(): Promise<void> | undefined
  /** Returns `undefined` to accept the plan, a negative number to stop, Infinity for the usual wait, or a wait in ms. */
  decide(end: End): number | undefined
  /** The connection or attempt is over; another follows. */
  reestablish(end: End): Promise<void> | undefined
  /** The source is closed because the stream ended properly. */
  complete(): void
  /** The source is closed for good. */
  fail(end: End): Promise<void> | undefined
}
