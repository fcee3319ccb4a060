import { buffer } from './wasm.js'

const HAS_TYPE = 1
const HAS_ID = 2
const SILENT = 4
const FLAG_BITS = 3
const SEPARATOR = '\r'

// A value may begin with U+FEFF: the parser has already removed the stream's own.
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Reads the records of one batch out of the module's memory. `src/parser/batch.rs` describes the layout.
 *
 * A segment is copied and decoded when its first record is asked for, so memory may grow or go away
 * between two calls of `next` unless a segment begins.
 */
export class BatchReader {
  /** The event type of the current record. */
  type = 'message'
  /** The data of the current record, `undefined` if it dispatches nothing. */
  data: string | undefined
  /** The new last event ID string, `undefined` if the current record does not change it. */
  id: string | undefined

  #textAddress: number
  #tableAddress: number
  readonly #tableEnd: number
  #text = ''
  #position = 0
  #isAscii = false
  #table: Uint32Array
  #word = 0
  #left = 0

  constructor(text: number, table: number, words: number) {
    this.#textAddress = text
    this.#tableAddress = table
    this.#tableEnd = table + words * 4
    this.#table = new Uint32Array()
  }

  /** Moves to the next record; `false` after the last. */
  next(): boolean {
    if (this.#left === 0 && !this.#openSegment()) return false
    this.#left -= 1
    const head = this.#nextWord()
    const typeLength = head & HAS_TYPE ? this.#nextWord() : 0
    const idLength = head & HAS_ID ? this.#nextWord() : 0
    const data = this.#value(head >>> FLAG_BITS)
    this.data = head & SILENT ? undefined : data
    this.type = head & HAS_TYPE ? this.#value(typeLength) : 'message'
    this.id = head & HAS_ID ? this.#value(idLength) : undefined
    if (this.#left === 0) this.#tableAddress += this.#word * 4
    return true
  }

  #openSegment(): boolean {
    if (this.#tableAddress === this.#tableEnd) return false
    const memory = buffer()
    const [size = 0, records = 0] = new Uint32Array(memory, this.#tableAddress, 2)
    const bytes = size >>> 1
    this.#isAscii = (size & 1) === 1
    this.#text = decoder.decode(new Uint8Array(memory, this.#textAddress, bytes))
    this.#textAddress += bytes
    this.#position = 0
    const wordsLeft = (this.#tableEnd - this.#tableAddress) / 4
    // No record has more than three words.
    this.#table = new Uint32Array(memory, this.#tableAddress, Math.min(wordsLeft, 2 + 3 * records)).slice()
    this.#word = 2
    this.#left = records
    return true
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
