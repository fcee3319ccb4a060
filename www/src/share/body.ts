/** Bytes that may wait for a consumer before its body is full. */
const MAX_BYTES = 1 << 20

/** A response body that we write. Everything written before its end can be read before its end. */
export class Body {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>
  #failure: unknown
  #hasRoom: (() => void) | undefined

  constructor(cancelled: () => void) {
    this.stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => { this.#controller = controller },
      pull: () => {
        this.#hasRoom?.()
        this.#fail()
      },
      cancel: cancelled,
    }, new ByteLengthQueuingStrategy({ highWaterMark: MAX_BYTES }))
  }

  get #room(): number {
    return this.#controller.desiredSize ?? 0
  }

  get isFull(): boolean {
    return this.#room <= 0
  }

  /** Resolves when the body is no longer full. */
  async room(): Promise<void> {
    if (this.isFull) await new Promise<void>((resolve) => { this.#hasRoom = resolve })
  }

  write(chunk: Uint8Array<ArrayBuffer>): void {
    this.#controller.enqueue(chunk)
  }

  /** Ends it after what was written, by an error if there is one. */
  end(error?: Error): void {
    this.#failure = error
    if (error === undefined) this.#controller.close()
    else this.#fail()
  }

  /** Fails it at once. */
  abort(error: unknown): void {
    this.#controller.error(error)
  }

  /** An error would drop unread bytes. */
  #fail(): void {
    if (this.#failure !== undefined && this.#room === MAX_BYTES) this.abort(this.#failure)
  }
}
