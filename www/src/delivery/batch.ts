import type { BatchMemory } from '../wasm/batch-memory.js'
import { decode } from '../wasm/text.js'

const HAS_TYPE = 1
const HAS_ID = 2
const SILENT = 4
const FLAG_BITS = 3
const SEPARATOR = '\r'
const DEFAULT_TYPE = 'message'

/**
 * Reads the records of one batch out of the module's memory. `src/parser/batch.rs` describes the layout.
 *
 * The table is copied at once, a segment when its first record is asked for. So memory may grow between two calls of
 * `next`, and go away unless a segment begins.
 */
export class BatchReader {
  /** The event type of the current record. */
  type = DEFAULT_TYPE
  /** The data of the current record, `undefined` if it dispatches nothing. */
  data: string | undefined
  /** Of a record without data and id, which is a comment. */
  comment = ''
  /** The new last event ID string, `undefined` if the current record does not change it. */
  id: string | undefined

  readonly #table: Uint32Array
  #word = 0
  #left = 0
  #offset = 0
  #text = ''
  #position = 0
  #isAscii = false

  readonly #memory: BatchMemory

  constructor(memory: BatchMemory) {
    this.#memory = memory
    this.#table = memory.words.slice(memory.start, memory.end)
  }

  /** Moves to the next record; `false` after the last. */
  next(): boolean {
    if (this.#left === 0) {
      if (this.#word === this.#table.length) return false
      this.#openSegment()
    }
    this.#left -= 1
    const head = this.#nextWord()
    const typeLength = head & HAS_TYPE ? this.#nextWord() : 0
    const idLength = head & HAS_ID ? this.#nextWord() : 0
    const data = this.#value(head >>> FLAG_BITS)
    if (head & SILENT) {
      this.data = undefined
      this.comment = data
    } else {
      this.data = data
    }
    if (head & HAS_TYPE) this.type = this.#value(typeLength) || DEFAULT_TYPE
    this.id = head & HAS_ID ? this.#value(idLength) : undefined
    return true
  }

  #openSegment(): void {
    this.type = DEFAULT_TYPE
    const size = this.#nextWord()
    this.#left = this.#nextWord()
    const bytes = size >>> 1
    this.#isAscii = (size & 1) === 1
    this.#text = decode(this.#memory.text(this.#offset, bytes))
    this.#offset += bytes
    this.#position = 0
  }

  #nextWord(): number {
    const word = this.#table[this.#word] as number
    this.#word += 1
    return word
  }

  #value(length: number): string {
    const start = this.#position
    const end = this.#isAscii ? start + length : this.#text.indexOf(SEPARATOR, start)
    this.#position = end + SEPARATOR.length
    return this.#text.slice(start, end)
  }
}
