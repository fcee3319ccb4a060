import type { Standing } from './messages.js'
import { Scanner } from './scanner.js'

/**
 * The end of an event stream, kept for those who join and for who goes on with it. It is one buffer: what it holds does
 * not depend on how small the events are.
 */
export class Replay {
  /** Bytes of the connection that were delivered. */
  at = 0
  standing: Standing
  readonly #least: number
  readonly #buffer: Uint8Array<ArrayBuffer>
  /** Bytes in the buffer; the last `#waiting` of them were not delivered. */
  #used = 0
  #waiting = 0
  #scanner = new Scanner()

  /** Keeps at least so many bytes. `lastEventId` is where the stream begins. */
  constructor(least: number, lastEventId: string) {
    this.#least = least
    this.#buffer = new Uint8Array(2 * least)
    this.standing = { lastEventId, retry: '', sinceId: 0, isWhole: true }
    this.#write(toBytes(`\nid: ${lastEventId}\n\n`))
  }

  /**
   * Adds a chunk as the server sent it and delivers the blocks that it completes. A block that is larger than half of
   * what is kept is delivered as it comes.
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

  /** Delivers what is left when the stream has ended: a block without its end. */
  flush(deliver: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    this.#deliver(this.#scanner.position, false, deliver)
  }

  #deliver(end: number, isWhole: boolean, deliver: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    const length = end - this.at
    if (length <= 0) return
    const { lastEventId, retry, idEnd } = this.#scanner
    const start = this.#used - this.#waiting
    this.#waiting -= length
    this.at = end
    this.standing = { lastEventId, retry, sinceId: end - idEnd, isWhole }
    deliver(this.#buffer.slice(start, start + length))
  }

  /** Adds what the leader has delivered, after which the connection stands so. */
  add(bytes: Uint8Array<ArrayBuffer>, at: number, standing: Standing): void {
    this.#write(bytes)
    this.at = at
    this.standing = standing
  }

  /**
   * What comes next for a parser that `had` so many bytes of the connection, or if it had none, all up to the event with
   * the ID. Without an ID, the stream begins for it now. `undefined` if that cannot be told.
   */
  after(had: number | undefined, id: string): Uint8Array<ArrayBuffer> | undefined {
    const { lastEventId, retry, sinceId, isWhole } = this.standing
    const end = this.#used - this.#waiting
    let start = -1
    let prelude = ''
    if (had !== undefined) start = end - (this.at - had)
    else {
      if (retry !== '') prelude = `retry: ${retry}\n`
      if (id === '') {
        if (lastEventId !== '') prelude += `id: ${lastEventId}\n`
        if (isWhole) start = end
      } else if (id === lastEventId) start = end - sinceId
      else {
        // What is kept may begin amid a line.
        new Scanner('?').push(this.#buffer.subarray(0, end), (other, end) => { if (other === id) start = end })
      }
      if (prelude !== '') prelude += '\n'
    }
    if (start < 0) return undefined
    const bytes = new Uint8Array(prelude.length + end - start)
    bytes.set(toBytes(prelude))
    bytes.set(this.#buffer.subarray(start, end), prelude.length)
    return bytes
  }

  /** Drops what came after the last ID: another connection, asked for by it, goes on there. */
  cut(): void {
    const { lastEventId, retry, sinceId } = this.standing
    this.#used = Math.max(0, this.#used - this.#waiting - sinceId)
    this.#waiting = 0
    this.at = 0
    this.standing = { lastEventId, retry, sinceId: 0, isWhole: true }
    this.#scanner = Object.assign(new Scanner(), { lastEventId, retry })
  }

  #write(bytes: Uint8Array): void {
    const kept = bytes.subarray(-this.#least)
    // What comes before bytes that are not kept would be next to those that are.
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
