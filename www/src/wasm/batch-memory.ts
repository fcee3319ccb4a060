/** The batch of the last step, where the module holds it. `src/parser/batch.rs` describes the layout. */
export interface BatchMemory {
  /** The module's whole memory in 32-bit words. Its length is 0 once memory has grown: ask again. */
  readonly words: Uint32Array
  /** The batch's table: from this index of `words` up to `end`. */
  readonly start: number
  readonly end: number
  /** Bytes of the batch's text, from `offset` on. A view: good until anything can grow memory. */
  text(offset: number, bytes: number): Uint8Array<ArrayBuffer>
}
