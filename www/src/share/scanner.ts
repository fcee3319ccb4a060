const LF = 10
const CR = 13
const COLON = 58
const I = 105
const R = 114

/** A line that would not fit into a request header is no ID that anybody can resume by. */
const MAX_LINE = 65_536

/**
 * Follows an event stream without interpreting it: where its blocks end, and the ID and reconnection time that hold
 * there. Texts have one character per byte, as a request header does. Chunks may end anywhere.
 */
export class Scanner {
  /** Of the byte after the last that was seen. */
  position = 0
  /** Up to here a parser has nothing half done: the end of a block, or of a comment between blocks. */
  settled = 0
  lastEventId = ''
  /** The end of the block that set `lastEventId`. */
  idEnd = 0
  /** The digits of the last `retry`. */
  retry = ''
  #line = ''
  #afterCr = false
  #isOpen = false
  #pendingId: string | undefined
  readonly #onId: ((id: string, end: number) => void) | undefined

  /** `onId` is told of every block with an ID. */
  constructor(onId?: (id: string, end: number) => void) {
    this.#onId = onId
  }

  /** For a stream that goes on after the last ID of another. */
  static after({ idEnd, lastEventId, retry }: Scanner): Scanner {
    return Object.assign(new Scanner(), { position: idEnd, settled: idEnd, idEnd, lastEventId, retry })
  }

  /** Begins amid a stream: what comes first may be the rest of a line. */
  skipTo(position: number): void {
    this.position = position
    if (position > 0) this.#line = '?'
  }

  push(bytes: Uint8Array): void {
    const start = this.position
    let lf = -1
    let cr = -1
    for (let at = 0; at < bytes.length;) {
      if (this.#afterCr && bytes[at] === LF) this.#skipLf()
      else {
        if (lf < at) lf = next(bytes, LF, at)
        if (cr < at) cr = next(bytes, CR, at)
        const end = Math.min(lf, cr)
        this.#add(bytes.subarray(at, end))
        this.position = start + Math.min(end + 1, bytes.length)
        this.#afterCr = end === cr && end < bytes.length
        if (end < bytes.length) this.#endLine()
      }
      at = this.position - start
    }
  }

  /** The line had ended before it. */
  #skipLf(): void {
    const { position } = this
    this.#afterCr = false
    this.position += 1
    if (this.settled === position) this.settled += 1
    if (this.idEnd === position) this.idEnd += 1
  }

  #add(bytes: Uint8Array): void {
    const first = this.#line === '' ? bytes[0] : this.#line.charCodeAt(0)
    if (first === undefined) return
    if (first !== I && first !== R) this.#line ||= first === COLON ? ':' : '?'
    else if (this.#line.length + bytes.length > MAX_LINE) this.#line = '?'
    else for (const byte of bytes) this.#line += String.fromCharCode(byte)
  }

  #endLine(): void {
    const line = this.#line
    this.#line = ''
    if (line === '') this.#endBlock()
    else if (line !== ':') {
      this.#isOpen = true
      const [, field, value = ''] = /^(id|retry)(?:: ?([^]*))?$/.exec(line) ?? []
      if (field === 'id' && !value.includes('\0')) this.#pendingId = value
      if (field === 'retry' && /^\d+$/.test(value)) this.retry = value
    }
    if (!this.#isOpen) this.settled = this.position
  }

  #endBlock(): void {
    this.#isOpen = false
    if (this.#pendingId === undefined) return
    this.lastEventId = this.#pendingId
    this.idEnd = this.position
    this.#pendingId = undefined
    this.#onId?.(this.lastEventId, this.idEnd)
  }
}

function next(bytes: Uint8Array, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from)
  return at < 0 ? bytes.length : at
}
