import { Blocked } from './blocked.js'

/** Larger chunks make longer tasks and cost no less. */
const CHUNK_BYTES = 64 * 1024
/** Enough for a live stream. */
const FIRST_BUFFER_BYTES = 16 * 1024
/** A read costs a task or two, whatever its size: this reads a backlog in a few. */
const LAST_BUFFER_BYTES = 256 * 1024

type Bytes = Uint8Array<ArrayBuffer>
/** The result of a read. */
export type ReadResult = ReadableStreamReadResult<Bytes>

type Reader = ReadableStreamDefaultReader<Bytes>

/** The possible bodies from a custom `fetch`: a platform or Node stream, or any async iterable. */
type ByteSource = Partial<ReadableStream<Bytes> & AsyncIterable<Bytes> & { destroy(): void }>

/** The body of a response, in chunks of at most 64 KiB. */
export class Body {
  readonly #reader: ReadableStreamBYOBReader | Reader
  /** The buffer for a BYOB reader, lent to it during a read. It grows while reads fill it. */
  #buffer: Bytes | undefined
  /** The rest of a chunk that was too large: a default reader may return megabytes. */
  #rest: Bytes | undefined

  /**
   * Locks `body`. A BYOB reader halves the cost of a byte; not every stream has one.
   *
   * @throws {@link Blocked} if it is not a stream.
   */
  constructor(body: unknown) {
    const source = Object(body) as ByteSource
    if (source.getReader === undefined) {
      this.#reader = iterated(source)
      return
    }
    try {
      this.#reader = source.getReader({ mode: 'byob' })
      this.#buffer = new Uint8Array(FIRST_BUFFER_BYTES)
    } catch {
      this.#reader = source.getReader()
    }
  }

  /** Takes the rest of the last chunk. */
  takeRest(): Bytes | undefined {
    return this.#rest && this.#part(this.#rest)
  }

  /** Requests the next chunk. Pass the result to {@link take}. */
  read(): Promise<ReadResult> {
    const reader = this.#reader as ReadableStreamBYOBReader
    return Promise.resolve(reader.read(this.#buffer as Bytes) as Promise<ReadResult>)
  }

  /**
   * The chunk that was read; `undefined` at the end of the body.
   *
   * @throws {@link Blocked} if it is not bytes.
   */
  take({ done, value }: ReadResult): Bytes | undefined {
    if (done) return undefined
    if (!ArrayBuffer.isView(value) || value.BYTES_PER_ELEMENT !== 1) {
      throw new Blocked(new TypeError('a chunk of the body is no Uint8Array'))
    }
    if (this.#buffer !== undefined) {
      // The read has moved the memory to a new ArrayBuffer.
      const { buffer } = value
      const { byteLength } = buffer
      const isFull = value.length === byteLength && byteLength < LAST_BUFFER_BYTES
      this.#buffer = isFull ? new Uint8Array(byteLength * 2) : new Uint8Array(buffer)
    }
    // A transferred chunk is empty and cannot be copied. Another class may define its own length.
    if (value.byteLength === 0) return new Uint8Array()
    return this.#part(value.constructor === Uint8Array ? value : new Uint8Array(value))
  }

  /** Cancels the stream. */
  cancel(): void {
    abandon(this.#reader)
  }

  #part(chunk: Bytes): Bytes {
    const isTooLarge = chunk.length > CHUNK_BYTES
    this.#rest = isTooLarge ? chunk.subarray(CHUNK_BYTES) : undefined
    return isTooLarge ? chunk.subarray(0, CHUNK_BYTES) : chunk
  }
}

/** Cancels an unread body. */
export function discard(body: unknown): void {
  if (body) abandon(body)
}

/** Cancels a stream that may come from a custom `fetch` and misbehave. */
function abandon(stream: { locked?: boolean, cancel?(): Promise<unknown>, releaseLock?(): void, destroy?(): void }): void {
  try {
    if (stream.locked) return
    stream.cancel?.()?.catch(() => {})
    stream.releaseLock?.()
    stream.destroy?.()
  } catch {
    // Nobody waits for it.
  }
}

function iterated(source: ByteSource): Reader {
  const iterator = source[Symbol.asyncIterator]?.()
  if (iterator === undefined) throw new Blocked(new TypeError('the body of the response is no stream'))
  return {
    read: () => iterator.next(),
    cancel: async () => {
      source.destroy?.()
      await iterator.return?.()
    },
    releaseLock: () => {},
  } as unknown as Reader
}
