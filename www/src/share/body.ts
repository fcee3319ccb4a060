/** What may wait for a consumer before its body is full. */
const MAX_BYTES = 1 << 20

/** The body of a response, written by us. What was written before its end is read before its end. */
export class Body {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined
  #chunks: Uint8Array<ArrayBuffer>[] = []
  #bytes = 0
  #isWanted = false
  #ended: { error: unknown } | undefined
  #hasRoom: (() => void) | undefined

  constructor(cancelled: () => void) {
    this.stream = new ReadableStream({
      start: (controller) => { this.#controller = controller },
      pull: () => {
        this.#isWanted = true
        this.#give()
      },
      cancel: cancelled,
    }, { highWaterMark: 0 })
  }

  get isFull(): boolean {
    return this.#bytes >= MAX_BYTES
  }

  /** Resolves when it is no longer full. */
  async room(): Promise<void> {
    if (this.isFull) await new Promise<void>((resolve) => { this.#hasRoom = resolve })
  }

  write(chunk: Uint8Array<ArrayBuffer>): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    this.#give()
  }

  /** Ends it after what was written, by an error if there is one. */
  end(error?: unknown): void {
    this.#ended = { error }
    this.#give()
  }

  /** Fails it at once. */
  abort(error: unknown): void {
    this.#chunks = []
    this.#controller?.error(error)
  }

  #give(): void {
    if (!this.#isWanted) return
    const chunk = this.#chunks.shift()
    if (chunk !== undefined) {
      this.#isWanted = false
      this.#bytes -= chunk.length
      if (!this.isFull) this.#hasRoom?.()
      this.#controller?.enqueue(chunk)
    } else if (this.#ended !== undefined) {
      this.#isWanted = false
      if (this.#ended.error === undefined) this.#controller?.close()
      else this.#controller?.error(this.#ended.error)
    }
  }
}
