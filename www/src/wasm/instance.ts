import type { Exports } from './glue.js'

/** Memory never shrinks. An instance that grew beyond this, for a large event, takes no new sources. */
const SPENT_BYTES = 8 * 1024 * 1024

/** Views of an instance's memory, in the sizes that are read and written. */
export interface Views {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly words: Uint32Array<ArrayBuffer>
  readonly numbers: Float64Array<ArrayBuffer>
}

/** One instance of the module. Its sources share its memory. */
export class Instance {
  readonly exports: Exports
  #views: Views | undefined
  #hasTrapped = false

  constructor(exports: Exports) {
    this.exports = exports
  }

  /** Whether it takes no new sources, because its state may be inconsistent or its memory large. */
  get isSpent(): boolean {
    return this.#hasTrapped || this.exports.memory.buffer.byteLength > SPENT_BYTES
  }

  /** It has trapped. */
  spend(): void {
    this.#hasTrapped = true
  }

  /** Call it again after anything that can grow memory, which leaves the old views with a length of 0. */
  views(): Views {
    if (this.#views === undefined || this.#views.bytes.length === 0) {
      const { buffer } = this.exports.memory
      this.#views = { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer), numbers: new Float64Array(buffer) }
    }
    return this.#views
  }
}
