import { Scanner } from './scanner.js'

/**
 * The end of an event stream, kept for those who join and for who goes on with it. It is one ring of bytes: what it
 * holds does not depend on how small the events are.
 */
export class Replay {
  readonly #ring: Uint8Array<ArrayBuffer>
  #scanner = new Scanner()
  /** The oldest byte that the ring still has. */
  #oldest = 0
  /** Up to here it was delivered. */
  #given = 0

  /** `lastEventId` is where the stream begins. */
  constructor(bytes: number, lastEventId: string) {
    this.#ring = new Uint8Array(bytes)
    if (lastEventId === '') return
    const before = toBytes(`id: ${lastEventId}\n\n`)
    this.push(before, () => {})
  }

  /** Where one who has all that was delivered would resume; one character per byte. */
  get lastEventId(): string {
    return this.#scanner.lastEventId
  }

  /** Part of a block was delivered that is not complete: no other stream can go on there. */
  get isTorn(): boolean {
    return this.#given > this.#scanner.settled
  }

  /**
   * Adds a chunk and delivers the blocks that it completes. A block that is larger than half the ring is delivered as
   * it comes.
   */
  push(chunk: Uint8Array<ArrayBuffer>, deliver: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    const most = this.#ring.length >> 1
    const scanner = this.#scanner
    for (let at = 0; at < chunk.length; at += most) {
      const bytes = chunk.subarray(at, at + most)
      const isAll = this.#given === scanner.position
      this.#write(bytes)
      scanner.push(bytes)
      const { position, settled } = scanner
      const until = position - settled > most ? position : settled
      if (until <= this.#given) continue
      deliver(isAll && until === position ? bytes : this.#read(this.#given, until))
      this.#given = until
    }
  }

  /** What is left when the stream has ended: a block without its end. */
  rest(): Uint8Array<ArrayBuffer> {
    return this.#read(this.#given, this.#scanner.position)
  }

  /**
   * What a parser needs that was fed all up to the event with this ID, or nothing if it is empty: for it the stream
   * begins with the block that is open. `undefined` if that cannot be told.
   */
  after(lastEventId: string): Uint8Array<ArrayBuffer> | undefined {
    const { retry, settled, position } = this.#scanner
    let prelude = retry && `retry: ${retry}\n`
    let from: number | undefined
    if (lastEventId === '') {
      from = settled
      if (this.lastEventId !== '') prelude += `id: ${this.lastEventId}\n`
    } else {
      const finder = new Scanner((id, end) => {
        if (id === lastEventId) from = end
      })
      finder.skipTo(this.#oldest)
      finder.push(this.#read(this.#oldest, position))
    }
    if (from === undefined || from < this.#oldest) return undefined
    const before = toBytes(prelude && `${prelude}\n`)
    const bytes = new Uint8Array(before.length + position - from)
    bytes.set(before)
    bytes.set(this.#read(from, position), before.length)
    return bytes
  }

  /** Drops what came after the last ID: another stream, that was asked for by it, goes on there. */
  cut(): void {
    this.#scanner = Scanner.after(this.#scanner)
    this.#given = this.#scanner.position
    this.#oldest = Math.min(this.#oldest, this.#given)
  }

  #write(bytes: Uint8Array): void {
    const { length } = this.#ring
    const start = this.#scanner.position % length
    const first = bytes.subarray(0, length - start)
    this.#ring.set(first, start)
    this.#ring.set(bytes.subarray(first.length))
    this.#oldest = Math.max(this.#oldest, this.#scanner.position + bytes.length - length)
  }

  #read(from: number, until: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(until - from)
    const { length } = this.#ring
    for (let at = from; at < until;) {
      const start = at % length
      const part = this.#ring.subarray(start, start + until - at)
      bytes.set(part, at - from)
      at += part.length
    }
    return bytes
  }
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
