/** Larger chunks make longer tasks and cost no less. */
const CHUNK_BYTES = 64 * 1024
/** Enough for a stream that goes as fast as things happen. */
const FIRST_BUFFER_BYTES = 16 * 1024
/** A read costs a task or two, whatever it gives: a backlog is read in a few. */
const LAST_BUFFER_BYTES = 256 * 1024

type Bytes = Uint8Array<ArrayBuffer>
/** What a read gives. */
export type ReadResult = ReadableStreamReadResult<Bytes>

/** The body of a response, in chunks of at most 64 KiB. */
export class Body {
  readonly #reader: ReadableStreamBYOBReader | ReadableStreamDefaultReader<Bytes>
  /** The buffer of a BYOB reader, lent to it while a read is under way. It grows while reads fill it. */
  #buffer: Bytes | undefined
  /** What is left of a chunk that was too large: a default reader may hand out megabytes. */
  #rest: Bytes | undefined

  /** Locks `stream`. A BYOB reader halves the cost of a byte; not every stream has one. */
  constructor(stream: ReadableStream<Bytes>) {
    try {
      this.#reader = stream.getReader({ mode: 'byob' })
      this.#buffer = new Uint8Array(FIRST_BUFFER_BYTES)
    } catch {
      this.#reader = stream.getReader()
    }
  }

  /** What is left of the last chunk. */
  takeRest(): Bytes | undefined {
    return this.#rest && this.#part(this.#rest)
  }

  /** Asks for the next chunk. {@link take} is to be given what the promise gives. */
  read(): Promise<ReadResult> {
    const reader = this.#reader as ReadableStreamBYOBReader
    return reader.read(this.#buffer as Bytes) as Promise<ReadResult>
  }

  /** The chunk that was read; `undefined` at the end of the body. */
  take({ done, value }: ReadResult): Bytes | undefined {
    if (done) return undefined
    const { buffer } = value
    if (this.#buffer === undefined) {
      if (value.BYTES_PER_ELEMENT !== 1) throw new TypeError('a chunk of the body is no Uint8Array')
    } else {
      // The read has moved the memory to a new ArrayBuffer.
      const { byteLength } = buffer
      const isFull = value.length === byteLength && byteLength < LAST_BUFFER_BYTES
      this.#buffer = isFull ? new Uint8Array(byteLength * 2) : new Uint8Array(buffer)
    }
    return this.#part(value)
  }

  /** Gives the stream up. */
  cancel(): void {
    this.#reader.cancel().catch(() => {})
    this.#reader.releaseLock()
  }

  #part(chunk: Bytes): Bytes {
    const isTooLarge = chunk.length > CHUNK_BYTES
    this.#rest = isTooLarge ? chunk.subarray(CHUNK_BYTES) : undefined
    return isTooLarge ? chunk.subarray(0, CHUNK_BYTES) : chunk
  }
}
