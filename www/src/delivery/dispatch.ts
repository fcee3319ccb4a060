import type { BatchMemory } from '../wasm/batch-memory.js'
import { BatchReader } from './batch.js'
import { LightMessageEvent, linkToPlatform, messageContext } from './light-event.js'
import { ListenerTable, type Listener } from './listeners.js'
import type { SeenIds } from './seen-ids.js'
import { nextTask } from '../platform/task.js'
import { TimeSlice } from './time-slice.js'

const OPEN = 1

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
  /** Hears of every message after the listeners. Does not throw. */
  observe: ((message: MessageEvent<string>) => void) | undefined
  /** Hears of every comment. Does not throw. */
  onComment: ((comment: string) => void) | undefined
  /** Messages with an ID that it knows are dropped. */
  seenIds: SeenIds | undefined
  readonly listeners: ListenerTable

  readonly #target: DispatchTarget
  readonly #platformEvents: boolean
  readonly #removeOnce = (listener: Listener): void => this.listeners.removeListener(listener)
  readonly #slice = new TimeSlice()
  /** The version of the listeners that a task has passed with. */
  #settledVersion = 0

  constructor(target: DispatchTarget, lastEventId: string, platformEvents: boolean) {
    this.#target = target
    this.listeners = new ListenerTable(target)
    this.lastEventId = lastEventId
    this.#platformEvents = platformEvents
    linkToPlatform()
  }

  /**
   * Dispatches a batch. Returns a promise if that takes more than this task.
   *
   * The platform lets promise reactions run after every event, and code that waits for one event and then listens
   * for the next must find it. So the first event after a change of the listeners ends the task; a plain loop
   * dispatches the others.
   */
  deliver(memory: BatchMemory): Promise<void> | undefined {
    const batch = new BatchReader(memory)
    return this.#run(batch) ? undefined : this.#goOn(batch)
  }

  async #goOn(batch: BatchReader): Promise<void> {
    do await nextTask()
    while (!this.#run(batch))
  }

  /** Dispatches until the batch is done (`true`) or another task must pass before the next event. */
  #run(batch: BatchReader): boolean {
    const target = this.#target
    const { listeners } = this
    const now = performance.now()
    if (this.#slice.isOverAt(now)) return false
    const context = messageContext(target, this.origin, now)
    let type = ''
    let lists = listeners.lists(type)
    while (target.readyState === OPEN) {
      // Asked before what nobody hears, too: a stream may hold nothing else.
      if (this.#slice.isOver()) return false
      if (!batch.next()) return true
      if (batch.id !== undefined) this.lastEventId = batch.id
      if (batch.data === undefined) {
        if (batch.id !== undefined) continue
        this.onComment?.(batch.comment)
        if (this.#listenersChanged()) return false
        continue
      }
      if (batch.id && this.seenIds?.has(batch.id)) continue
      if (this.#platformEvents) {
        this.#dispatchPlatformEvent(batch.type, batch.data)
        if (this.#listenersChanged()) return false
        continue
      }
      // Most events have the type of the one before, and comparing is quicker than looking up.
      if (batch.type !== type) {
        type = batch.type
        lists = listeners.lists(type)
      }
      if (lists === undefined && this.observe === undefined) continue
      const event = new LightMessageEvent(context, type, batch.data, this.lastEventId)
      if (lists !== undefined) LightMessageEvent.dispatch(event, lists, this.#removeOnce)
      this.observe?.(event as unknown as MessageEvent<string>)
      if (this.#listenersChanged()) return false
    }
    return true
  }

  /** Whether listeners came or went since this was asked last. */
  #listenersChanged(): boolean {
    const { version } = this.listeners
    if (version === this.#settledVersion) return false
    this.#settledVersion = version
    return true
  }

  #dispatchPlatformEvent(type: string, data: string): void {
    const { lastEventId, origin } = this
    const event = new MessageEvent<string>(type, { data, lastEventId, origin })
    EventTarget.prototype.dispatchEvent.call(this.#target, event)
    this.observe?.(event)
  }
}
