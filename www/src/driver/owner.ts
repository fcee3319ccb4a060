import type { Attempt, ErrorKind, TraceEntry } from '../types.js'
import type { Answer } from './answer.js'
import type { BatchMemory } from '../wasm/batch-memory.js'

/** Notes what has happened. */
export type Trace = (type: TraceEntry['type'], facts?: object) => void

/** What the request of an attempt is made of. */
export interface AttemptRequest {
  readonly url: string
  readonly init: RequestInit
  /** It may be repeated, other than the one that the core knows. */
  readonly isSafe?: boolean
}

/** The end of a connection or attempt. */
export interface End {
  readonly kind: ErrorKind
  /** Until the next request: negative if none follows, Infinity if it waits for something else than time. */
  readonly delayMs: number
  /** None follows only because the request is not to be repeated blindly. */
  readonly isWithheld: boolean
  readonly attempt: number
  /** If there was one. */
  readonly response: Answer | undefined
  /** What `fetch`, the body or a function of the init threw. */
  readonly cause: unknown
}

/**
 * Who opened the source and hears what comes of it. Nothing here throws but `request`. A promise that is returned holds
 * the source back until it settles, to either result.
 */
export interface Owner {
  /** There if somebody wants to know. */
  readonly trace: Trace | undefined
  request(attempt: Attempt): AttemptRequest | Promise<AttemptRequest>
  /** The connection is open. */
  announce(response: Answer): Promise<void> | undefined
  /** Events are to be dispatched or, where there are none, others may want to run. */
  dispatch(batch: BatchMemory): Promise<void> | undefined
  /** Asked after that: have consumers taken what was dispatched? */
  taken(): Promise<void> | undefined
  /** What is planned. Answers `undefined` to agree, a negative number to stop, Infinity for the usual wait, or a wait. */
  decide(end: End): number | undefined
  /** The connection or attempt is over, another follows. */
  reestablish(end: End): Promise<void> | undefined
  /** The source is closed, for the stream has come to its proper end. */
  complete(): void
  /** The source is closed for good. */
  fail(end: End): Promise<void> | undefined
}
