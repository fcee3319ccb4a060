import type { Standing } from './messages.js'
import { Scanner } from './scanner.js'

/**
 * The end of an event stream, kept for members that join and for the next leader. It is a single buffer, so its size does
 * not depend on the size of the events.
 */
export class Replay {
  /** Number of delivered bytes of the connection. */
  at = 0
  standing: Standing
  readonly #least: number
  readonly #buffer: Uint8Array<ArrayBuffer>
  /** Bytes in the buffer; the last `#waiting` of them are not delivered yet. */
  #used = 0
  #waiting = 0
  #scanner = new Scanner()

  /** Keeps at least `least` bytes. `lastEventId` is where the stream begins. */
  constructor(least: number, lastEventId: string) {
    this.#least = least
    this.#buffer = new Uint8Array(2 * least)
    this.standing = { lastEventId, retry: '', isWhole: true }
    this.#write(toBytes(`\nid: ${lastEventId}\n\n`))
  }

  /**
   * Adds a chunk as the server sent it and delivers the blocks that it completes. A block larger than half of the kept
   * bytes is delivered as it arrives.
   */
  push(chunk: Uint8Array<ArrayBuffer>, deliver: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    const most = this.#least >> 1
    for (let start = 0; start < chunk.length; start += most) {
      const bytes = chunk.subarray(start, start + most)
      this.#write(bytes)
      this.#waiting += bytes.length
      this.#scanner.push(bytes)
      const { position, settled } = this.#scanner
      const isWhole = position - settled <= most
      this.#deliver(isWhole ? settled : position, isWhole, deliver)
    }
  }

  /** Delivers the rest after the stream has ended: an incomplete block. */
  flush(deliver: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    this.#deliver(this.#scanner.position, false, deliver)
  }

  #deliver(end: number, isWhole: boolean, deliver: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    const length = end - this.at
    if (length <= 0) return
    const { lastEventId, retry } = this.#scanner
    const start = this.#used - this.#waiting
    this.#waiting -= length
    this.at = end
    this.standing = { lastEventId, retry, isWhole }
    deliver(this.#buffer.slice(start, start + length))
  }

  /** Adds bytes that the leader has delivered, and the state of the connection after them. */
  add(bytes: Uint8Array<ArrayBuffer>, at: number, standing: Standing): void {
    this.#write(bytes)
    this.at = at
    this.standing = standing
  }

  /**
   * The next bytes for a parser that `had` this many bytes of the connection or, if it had none, everything up to the event
   * with the ID. Without an ID, the stream begins now. `undefined` if the answer is unknown.
   */
  after(had: number | undefined, id: string): Uint8Array<ArrayBuffer> | undefined {
    const { lastEventId, retry, isWhole } = this.standing
    const end = this.#used - this.#waiting
    let start = -1
    let prelude = ''
    if (had !== undefined) start = end - (this.at - had)
    else {
      if (retry !== '') prelude = `retry: ${retry}\n`
      if (id === '') {
        if (lastEventId !== '') prelude += `id: ${lastEventId}\n`
        if (isWhole) start = end
      } else start = this.#find(id)
      if (prelude !== '') prelude += '\n'
    }
    if (start < 0) return undefined
    const bytes = new Uint8Array(prelude.length + end - start)
    bytes.set(toBytes(prelude))
    bytes.set(this.#buffer.subarray(start, end), prelude.length)
    return bytes
  }

  /** Drops the bytes after the last ID: another connection resumes there. */
  cut(): void {
    const { lastEventId, retry } = this.standing
    this.#used = Math.max(0, this.#find(lastEventId))
    this.#waiting = 0
    this.at = 0
    this.standing = { lastEventId, retry, isWhole: true }
    this.#scanner = Object.assign(new Scanner(), { lastEventId, retry })
  }

  /** Where in the buffer the event with this ID ends, or -1. */
  #find(id: string): number {
    let found = -1
    // The kept bytes may begin within a line.
    new Scanner('?').push(this.#buffer.subarray(0, this.#used - this.#waiting), (other, end) => { if (other === id) found = end })
    return found
  }

  #write(bytes: Uint8Array): void {
    const kept = bytes.subarray(-this.#least)
    // Otherwise earlier bytes would become adjacent to these, without the dropped ones between them.
    if (kept.length < bytes.length) this.#used = 0
    else if (this.#used + kept.length > this.#buffer.length) {
      this.#buffer.copyWithin(0, this.#used - this.#least, this.#used)
      this.#used = this.#least
    }
    this.#buffer.set(kept, this.#used)
    this.#used += kept.length
  }
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
