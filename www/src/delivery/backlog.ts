type Message = MessageEvent<string>

/** The messages that one loop has yet to receive. A loop has received a message when it asks for the next one. */
export class Backlog {
  /** The last event ID string up to which everything was received. */
  receivedId: string
  #messages: Message[] = []
  /** How many messages it was given since it last asked, and the ID string at the last of them. */
  #given = 0
  #givenId = ''
  /** The last message of the last chunk, and the ID string at that chunk's end. */
  #last: Message | undefined
  #idAtEnd = ''

  constructor(receivedId: string) {
    this.receivedId = receivedId
  }

  /** How many messages are waiting. */
  get waiting(): number {
    return this.#messages.length
  }

  /** How many messages it has not received. All loops get the same messages, so the largest count is furthest behind. */
  get pending(): number {
    return this.#given + this.#messages.length
  }

  push(message: Message): void {
    this.#messages.push(message)
  }

  give(): Message | undefined {
    const message = this.#messages.shift()
    if (message === undefined) return undefined
    this.#given += 1
    this.#givenId = message === this.#last ? this.#idAtEnd : message.lastEventId
    return message
  }

  /** Marks what was given as received. Returns whether there was anything. */
  receive(): boolean {
    if (this.#given === 0) return false
    this.#given = 0
    this.receivedId = this.#givenId
    return true
  }

  /** A chunk has been dispatched. Its last event may have had an ID alone. */
  endChunk(lastEventId: string): void {
    if (this.pending === 0) this.receivedId = lastEventId
    else if (this.#messages.length === 0) this.#givenId = lastEventId
    this.#last = this.#messages.at(-1)
    this.#idAtEnd = lastEventId
  }

  clear(): void {
    this.#messages = []
  }
}
