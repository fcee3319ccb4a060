import { Backlog } from './backlog.js'
import type { MessageIterator } from './message-iterator.js'

/** The part of a source that {@link Consumers} need. */
export interface ConsumedSource {
  /** Whether there are listeners for messages. */
  isHeard(): boolean
  /** If the source has ended: what its loops throw, if anything. */
  ended(): { readonly error: unknown } | undefined
  /** All consumers have received what came up to this last event ID string. */
  received(lastEventId: string): void
  close(): void
}

/**
 * The loops over the messages of one source: tracks what each has received, and when the source may read on.
 *
 * A loop that ends without closing the source leaves its backlog to the next one. Without listeners the source waits for
 * that; otherwise the backlog is dropped when the next chunk arrives.
 */
export class Consumers {
  readonly source: ConsumedSource
  readonly #loops = new Map<MessageIterator, Backlog>()
  #left: Backlog[] = []
  /** The last event ID string at the last message whose listeners have returned. */
  #heardId: string
  #whenTaken: (() => void) | undefined

  constructor(source: ConsumedSource, lastEventId: string) {
    this.source = source
    this.#heardId = lastEventId
  }

  begin(loop: MessageIterator): Backlog {
    const backlog = this.#left.shift() ?? new Backlog(this.#heardId)
    this.#loops.set(loop, backlog)
    const ended = this.source.ended()
    if (ended !== undefined) loop.end(ended.error)
    this.check()
    return backlog
  }

  leave(loop: MessageIterator): void {
    const backlog = this.#loops.get(loop)
    if (backlog === undefined) return
    this.#loops.delete(loop)
    this.#left.push(backlog)
    this.check()
  }

  /** The listeners of a message have returned. */
  push(message: MessageEvent<string>): void {
    if (this.#left.length > 0 && (this.#loops.size > 0 || this.source.isHeard())) this.#left = []
    for (const backlog of this.#left) backlog.push(message)
    for (const [loop, backlog] of this.#loops) {
      backlog.push(message)
      loop.offer()
    }
    this.#heardId = message.lastEventId
  }

  /** A chunk has been dispatched. Resolves when loops have taken it; until then the source must not read on. */
  taken(lastEventId: string): Promise<void> | undefined {
    this.#heardId = lastEventId
    for (const backlog of this.#backlogs()) backlog.endChunk(lastEventId)
    this.received()
    if (this.#isTaken()) return undefined
    return new Promise((resolve) => { this.#whenTaken = resolve })
  }

  /** Call it when something was taken or a listener was added. */
  check(): void {
    if (this.#whenTaken === undefined || !this.#isTaken()) return
    this.#whenTaken()
    this.#whenTaken = undefined
  }

  /** A loop has received something. */
  received(): void {
    let slowest: Backlog | undefined
    for (const backlog of this.#backlogs()) {
      if (slowest === undefined || backlog.pending > slowest.pending) slowest = backlog
    }
    this.source.received(slowest?.receivedId ?? this.#heardId)
  }

  /** The source has ended. Loops finish their backlog. */
  end(error: unknown): void {
    this.received()
    for (const loop of this.#loops.keys()) loop.end(error)
  }

  /** The source is closed. Messages that were not received must come again. */
  discard(lastEventId: string): void {
    const isHeardAlone = this.#loops.size + this.#left.length === 0
    if (isHeardAlone) this.source.received(lastEventId)
    else this.received()
    for (const loop of this.#loops.keys()) loop.discard()
    this.#loops.clear()
    this.#left = []
    this.check()
  }

  #isTaken(): boolean {
    if (this.#loops.size === 0) return this.#left.length === 0 || this.source.isHeard()
    for (const { waiting } of this.#loops.values()) if (waiting > 0) return false
    return true
  }

  #backlogs(): Backlog[] {
    return [...this.#left, ...this.#loops.values()]
  }
}
