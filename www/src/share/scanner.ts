const LF = 10
const CR = 13
const COLON = 58
const I = 105
const R = 114

/** A line that does not fit into a request header is useless as an ID. */
const MAX_LINE = 65_536

/**
 * Tracks an event stream without interpreting it: where its blocks end, and the ID and reconnection time there. Texts
 * have one character per byte, as in request headers. Chunks may end anywhere.
 */
export class Scanner {
  /** Position after the last byte seen. */
  position = 0
  /** Up to here a parser has nothing pending: the end of a block, or of a comment between blocks. */
  settled = 0
  lastEventId = ''
  /** The digits of the last `retry`. */
  retry = ''
  /** The current line so far; only its first character if it is neither `id` nor `retry`. */
  #line: string
  #afterCr = false
  #isOpen = false
  #pendingId: string | undefined

  /** `line` is the beginning of the first line. */
  constructor(line = '') {
    this.#line = line
  }

  /** `onId` is called for every block with an ID. */
  push(bytes: Uint8Array, onId?: (id: string, end: number) => void): void {
    let start = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte !== LF && byte !== CR) continue
      this.#add(bytes.subarray(start, at))
      start = at + 1
      // The LF of a CRLF ends no line: it belongs to the following bytes.
      if (byte === CR || this.#line !== '' || !this.#afterCr) this.#endLine(this.position + start, onId)
      this.#afterCr = byte === CR
    }
    this.#add(bytes.subarray(start))
    this.position += bytes.length
  }

  #add(part: Uint8Array): void {
    const line = this.#line
    const [first] = part
    if (first === undefined || line === ':' || line === '?') return
    if (line === '' && first !== I && first !== R) this.#line = first === COLON ? ':' : '?'
    else if (line.length + part.length > MAX_LINE) this.#line = '?'
    else for (const byte of part) this.#line += String.fromCharCode(byte)
  }

  #endLine(end: number, onId?: (id: string, end: number) => void): void {
    const line = this.#line
    this.#line = ''
    if (line === '') {
      this.#isOpen = false
      if (this.#pendingId !== undefined) {
        this.lastEventId = this.#pendingId
        this.#pendingId = undefined
        onId?.(this.lastEventId, end)
      }
    } else if (line !== ':') {
      this.#isOpen = true
      const [, field, value = ''] = /^(id|retry)(?:: ?([^]*))?$/.exec(line) ?? []
      if (field === 'id' && !value.includes('\0')) this.#pendingId = value
      if (field === 'retry' && /^\d+$/.test(value)) this.retry = value
    }
    if (!this.#isOpen) this.settled = end
  }
}
