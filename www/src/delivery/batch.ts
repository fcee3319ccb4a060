import type { BatchMemory } from '../wasm/batch-memory.js'

// `src/parser/batch.rs` describes the layout.
export const HAS_TYPE = 1
export const HAS_ID = 2
export const SILENT = 4
export const FLAG_BITS = 3
export const SEPARATOR = '\r'
export const DEFAULT_TYPE = 'message'

/** Where the delivery of a batch has stopped, to continue in a later task. */
export interface Stop {
  readonly batch: BatchMemory
  /** Of the next word of the table. */
  readonly word: number
  /** Of the next segment's text. */
  readonly offset: number
  /** Records that are left in the segment. */
  readonly left: number
  /** The segment's text, the place of the next value in it, and whether byte counts are offsets into it. */
  readonly text: string
  readonly position: number
  readonly isAscii: boolean
  /** The event type of the record before. */
  readonly type: string
}
