import { BatchReader } from './batch.js'
import { LightMessageEvent, linkToPlatform, type MessageContext } from './light-event.js'
import { call, ListenerTable, type Listener, type Lists } from './listeners.js'
import { nextTask } from './task.js'
import { TimeSlice } from './time-slice.js'

const OPEN = 1

type AddOptions = boolean | AddEventListenerOptions | undefined

/** What a {@link Dispatcher} needs of its source. */
export interface DispatchTarget extends EventTarget {
  readonly readyState: number
}

/** Dispatches the messages of one source, and keeps its listeners. */
export class Dispatcher {
  /** The last event ID string. */
  lastEventId: string
  /** The origin of the messages. */
  origin = ''

  readonly #target: DispatchTarget
  readonly #platformEvents: boolean
  readonly #listeners = new ListenerTable()
  readonly #removeOnce = (listener: Listener): void => this.#removeListener(listener)
  readonly #slice = new TimeSlice()

  constructor(target: DispatchTarget, lastEventId: string, platformEvents: boolean) {
    this.#target = target
    this.lastEventId = lastEventId
    this.#platformEvents = platformEvents
    linkToPlatform()
  }

  /**
   * Adds to the table for messages and to the platform's list for every other event. The two are kept
   * alike, so whichever way an event comes, the same listeners hear it.
   */
  addListener(type: string, callback: EventListenerOrEventListenerObject, options?: AddOptions): void {
    const { capture = false, once = false, passive = false, signal } = flatten(options)
    if (signal?.aborted || this.#listeners.find(type, callback, capture) !== undefined) return
    const target = this.#target
    const remove = this.#removeOnce
    const listener: Listener = {
      type, callback, capture, once, passive,
      native: once ? function (event) { remove(listener); call(callback, target, event) } : callback,
      removed: false,
    }
    this.#listeners.add(listener)
    EventTarget.prototype.addEventListener.call(target, type, listener.native, { capture, passive })
    signal?.addEventListener('abort', () => remove(listener), { once: true })
  }

  removeListener(type: string, callback: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void {
    const listener = this.#listeners.find(type, callback, flatten(options).capture ?? false)
    if (listener !== undefined) this.#removeListener(listener)
  }

  #removeListener(listener: Listener): void {
    this.#listeners.remove(listener)
    EventTarget.prototype.removeEventListener.call(this.#target, listener.type, listener.native, listener.capture)
  }

  /**
   * Dispatches a batch. Returns a promise if that takes more than this task, or if a listener has
   * changed the listeners: the platform has a task for every event, and code that waits for one event
   * and then listens for the next must find it.
   */
  deliver(text: number, table: number, words: number): Promise<void> | undefined {
    const batch = new BatchReader(text, table, words)
    return this.#run(batch) ? undefined : this.#goOn(batch)
  }

  async #goOn(batch: BatchReader): Promise<void> {
    do {
      await nextTask()
      this.#slice.reset()
    } while (!this.#run(batch))
  }

  /** Dispatches until the batch is done (`true`) or another task must pass before the next event. */
  #run(batch: BatchReader): boolean {
    const target = this.#target
    const context: MessageContext = { target, origin: this.origin, timeStamp: this.#slice.enter() }
    const version = this.#listeners.version
    while (target.readyState === OPEN && batch.next()) {
      if (batch.id !== undefined) this.lastEventId = batch.id
      if (batch.data === undefined) continue
      const lists = this.#listeners.lists(batch.type)
      if (lists === undefined) continue
      this.#dispatch(context, batch.type, batch.data, lists)
      if (this.#listeners.version !== version || this.#slice.isOver()) return false
    }
    return true
  }

  #dispatch(context: MessageContext, type: string, data: string, lists: Lists): void {
    const { lastEventId } = this
    if (this.#platformEvents) {
      const event = new MessageEvent(type, { data, lastEventId, origin: context.origin })
      EventTarget.prototype.dispatchEvent.call(this.#target, event)
    } else {
      new LightMessageEvent(context, type, data, lastEventId).dispatch(lists, this.#removeOnce)
    }
  }
}

function flatten(options: AddOptions): AddEventListenerOptions {
  return typeof options === 'object' ? options : { capture: Boolean(options) }
}
