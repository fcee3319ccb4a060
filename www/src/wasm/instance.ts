import type { Exports } from './glue.js'

/** Memory never shrinks. One that has grown beyond this, for a large event, serves no further sources. */
const SPENT_BYTES = 8 * 1024 * 1024

/** One instance of the module. Its sources share its memory. */
export class Instance {
  readonly exports: Exports
  #hasTrapped = false
  #bytes = new Uint8Array()
  #words = new Uint32Array()
  #numbers = new Float64Array()

  constructor(exports: Exports) {
    this.exports = exports
  }

  /** Whether it takes no new sources. What it holds of the present ones may be half changed, or large. */
  get isSpent(): boolean {
    return this.#hasTrapped || this.exports.memory.buffer.byteLength > SPENT_BYTES
  }

  /** It has trapped. */
  spend(): void {
    this.#hasTrapped = true
  }

  // Memory that grows leaves its views with a length of 0.

  get bytes(): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length === 0) this.#look()
    return this.#bytes
  }

  get words(): Uint32Array<ArrayBuffer> {
    if (this.#words.length === 0) this.#look()
    return this.#words
  }

  get numbers(): Float64Array<ArrayBuffer> {
    if (this.#numbers.length === 0) this.#look()
    return this.#numbers
  }

  #look(): void {
    const { buffer } = this.exports.memory
    this.#bytes = new Uint8Array(buffer)
    this.#words = new Uint32Array(buffer)
    this.#numbers = new Float64Array(buffer)
  }
}
