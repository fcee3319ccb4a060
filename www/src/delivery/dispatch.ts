import { nextTask } from '../platform/task.js'
import type { BatchMemory } from '../wasm/batch-memory.js'
import { decode } from '../wasm/text.js'
import { DEFAULT_TYPE, FLAG_BITS, HAS_ID, HAS_TYPE, SEPARATOR, SILENT, type Stop } from './batch.js'
import { LightMessageEvent, linkToPlatform, type MessageContext, UNINITIALIZED } from './light-event.js'
import { ListenerTable } from './listeners.js'
import type { SeenIds } from './seen-ids.js'
import { TimeSlice } from './time-slice.js'

export const CONNECTING = 0
export const OPEN = 1
export const CLOSED = 2

/** Dispatches the messages of one source, and keeps its listeners. */
export class Dispatcher {
  /** The state of the source: nothing is dispatched unless it is open. */
  readyState: 0 | 1 | 2 = CONNECTING
  /** The last event ID string. */
  lastEventId: string
  /** The origin of the messages. */
  origin = ''
  /** Called with every message after the listeners. Must not throw. */
  observe: ((message: MessageEvent<string>) => void) | undefined
  /** Called with every comment. Must not throw. */
  onComment: ((comment: string) => void) | undefined
  /** Messages with an ID in here are dropped. */
  seenIds: SeenIds | undefined
  readonly listeners: ListenerTable

  readonly #target: EventTarget
  readonly #platformEvents: boolean
  readonly #slice = new TimeSlice()
  /** The version of the listener table that has survived a task. */
  #settledVersion = 0

  constructor(target: EventTarget, lastEventId: string, platformEvents: boolean) {
    this.#target = target
    this.listeners = new ListenerTable(target)
    this.lastEventId = lastEventId
    this.#platformEvents = platformEvents
    linkToPlatform()
  }

  /**
   * Dispatches a batch. Returns a promise if that needs more than the current task.
   *
   * The platform lets promise reactions run after every event, and code that waits for one event and then listens
   * for the next must find it. So the first event after a change of the listeners ends the task; a plain loop
   * dispatches the others.
   */
  deliver(batch: BatchMemory): Promise<void> | undefined {
    const stop = this.#run({ batch, word: batch.start, offset: 0, left: 0, text: '', position: 0, isAscii: false, type: DEFAULT_TYPE })
    return stop && this.#goOn(stop)
  }

  async #goOn(stop: Stop): Promise<void> {
    let next: Stop | undefined = stop
    do {
      await nextTask()
      next = this.#run(next)
    } while (next !== undefined)
  }

  /**
   * Dispatches until the batch is done, or until the next event must wait for another task: then returns where to continue.
   *
   * One hot loop over local variables: calls and fields would cost more here than they would clarify.
   */
  #run(from: Stop): Stop | undefined {
    const now = performance.now()
    const slice = this.#slice
    if (slice.isOverAt(now)) return from
    const { batch } = from
    const { end } = batch
    const { listeners, seenIds } = this
    const target = this.#target
    const platformEvents = this.#platformEvents
    const context: MessageContext = { target, origin: this.origin, timeStamp: now, init: UNINITIALIZED }
    let { word, offset, left, text, position, isAscii, type } = from
    let { words } = batch
    let lists = listeners.lists(type)
    while (this.readyState === OPEN) {
      // Checked even before events without listeners: a stream may contain nothing else.
      if (slice.isOver()) return { batch, word, offset, left, text, position, isAscii, type }
      // A listener may have opened a source, and another may have read between two tasks.
      if (words.length === 0) words = batch.words
      if (left === 0) {
        if (word === end) return undefined
        const size = words[word] as number
        left = words[word + 1] as number
        word += 2
        const bytes = size >>> 1
        isAscii = (size & 1) === 1
        text = decode(batch.text(offset, bytes))
        offset += bytes
        position = 0
        if (type !== DEFAULT_TYPE) {
          type = DEFAULT_TYPE
          lists = listeners.lists(type)
        }
      }
      left -= 1
      const head = words[word++] as number
      const dataStart = position
      const dataEnd = isAscii ? position + (head >>> FLAG_BITS) : text.indexOf(SEPARATOR, position)
      position = dataEnd + 1
      if ((head & (HAS_TYPE | HAS_ID | SILENT)) !== 0) {
        const typeLength = head & HAS_TYPE ? words[word++] as number : 0
        const idLength = head & HAS_ID ? words[word++] as number : 0
        if (head & HAS_TYPE) {
          const valueEnd = isAscii ? position + typeLength : text.indexOf(SEPARATOR, position)
          const value = text.slice(position, valueEnd) || DEFAULT_TYPE
          position = valueEnd + 1
          // Most events have the type of the previous one, and comparing is faster than a lookup.
          if (value !== type) {
            type = value
            lists = listeners.lists(type)
          }
        }
        let id: string | undefined
        const idBefore = this.lastEventId
        if (head & HAS_ID) {
          const valueEnd = isAscii ? position + idLength : text.indexOf(SEPARATOR, position)
          id = text.slice(position, valueEnd)
          position = valueEnd + 1
          this.lastEventId = id
        }
        if (head & SILENT) {
          if (id !== undefined) continue
          this.onComment?.(text.slice(dataStart, dataEnd))
          if (listeners.version === this.#settledVersion) continue
          this.#settledVersion = listeners.version
          return { batch, word, offset, left, text, position, isAscii, type }
        }
        if (id && seenIds?.has(id)) {
          this.lastEventId = idBefore
          continue
        }
      }
      if (platformEvents) {
        this.#dispatchPlatformEvent(type, text.slice(dataStart, dataEnd))
      } else {
        if (lists === undefined && this.observe === undefined) continue
        const event = new LightMessageEvent(context, type, text.slice(dataStart, dataEnd), this.lastEventId)
        if (lists !== undefined) LightMessageEvent.dispatch(event, lists, listeners)
        this.observe?.(event as unknown as MessageEvent<string>)
      }
      if (listeners.version !== this.#settledVersion) {
        this.#settledVersion = listeners.version
        return { batch, word, offset, left, text, position, isAscii, type }
      }
    }
    return undefined
  }

  #dispatchPlatformEvent(type: string, data: string): void {
    const { lastEventId, origin } = this
    const event = new MessageEvent<string>(type, Object.assign(Object.create(null), { data, lastEventId, origin }))
    EventTarget.prototype.dispatchEvent.call(this.#target, event)
    this.observe?.(event)
  }
}
