import { defineMembers } from '../platform/idl.js'
import { showAs } from '../platform/inspect.js'
import { reportUncaught } from '../platform/report.js'
import type { Lists, ListenerTable } from './listeners.js'

/** Shared by the messages of one time slice, until one is reinitialized. */
export interface MessageContext {
  readonly target: EventTarget | null
  readonly origin: string
  readonly timeStamp: number
  readonly init: MessageInit
}

/** Members that stream messages never set, but a reinitialized one can. */
interface MessageInit {
  readonly source: MessageEventSource | null
  readonly ports: readonly MessagePort[]
  readonly bubbles: boolean
  readonly cancelable: boolean
  readonly canceled: boolean
}

export const UNINITIALIZED: MessageInit = /* @__PURE__ */ Object.freeze({
  source: null, ports: /* @__PURE__ */ Object.freeze([]), bubbles: false, cancelable: false, canceled: false,
})

const NAME = 'MessageEvent'
/** Members that `console.log` shows on a server. */
const SHOWN = ['type', 'data', 'lastEventId', 'origin']

const NONE = 0
const AT_TARGET = 2

/** The state of a dispatch. */
const DISPATCHING = 1
const STOPPED = 2
const STOPPED_AT_ONCE = 4

/**
 * Behaves as a `MessageEvent`, but is created and dispatched in a tenth of the time.
 *
 * Its prototype chain reaches `MessageEvent.prototype` and every member of that and of `Event.prototype`
 * is answered here. It has no brand, so the platform's own `dispatchEvent` refuses it.
 */
export class LightMessageEvent {
  /** [spec] An own property of events: the only member that copying and `JSON.stringify` find. */
  readonly isTrusted = false
  #context: MessageContext
  #type: string
  #data: unknown
  #lastEventId: string
  #dispatch = DISPATCHING

  constructor(context: MessageContext, type: string, data: string, lastEventId: string) {
    this.#context = context
    this.#type = type
    this.#data = data
    this.#lastEventId = lastEventId
    if (ownMembers.length > 0) for (const key of ownMembers) own(this, key, Reflect.get(this, key))
  }

  /** Dispatches a new event at the target (DOM 2.9): capturing listeners first; each list is read when its turn comes. */
  static dispatch(event: LightMessageEvent, lists: Lists, table: ListenerTable): void {
    const { only } = lists
    if (only !== undefined) {
      try {
        only.call(event.#context.target as EventTarget, event as unknown as Event)
      } catch (error) {
        reportUncaught(error)
      }
    } else {
      event.#invoke(table, true)
      if ((event.#dispatch & STOPPED) === 0) event.#invoke(table, false)
    }
    event.#dispatch = 0
  }

  #invoke(table: ListenerTable, capture: boolean): void {
    const target = this.#context.target as EventTarget
    for (const listener of table.inOrder(this.#type, capture)) {
      if (listener.removed) continue
      if (listener.once) table.removeListener(listener)
      try {
        listener.invoke.call(target, this as unknown as Event)
      } catch (error) {
        reportUncaught(error)
      }
      if ((this.#dispatch & STOPPED_AT_ONCE) !== 0) return
    }
  }

  get type(): string { return this.#type }
  get data(): unknown { return this.#data }
  get lastEventId(): string { return this.#lastEventId }
  get origin(): string { return this.#context.origin }
  get source(): MessageEventSource | null { return this.#context.init.source }
  get ports(): readonly MessagePort[] { return this.#context.init.ports }

  get target(): EventTarget | null { return this.#context.target }
  get srcElement(): EventTarget | null { return this.#context.target }
  get currentTarget(): EventTarget | null { return this.#isDispatching ? this.#context.target : null }
  get eventPhase(): number { return this.#isDispatching ? AT_TARGET : NONE }
  composedPath(): EventTarget[] { return this.#isDispatching ? [this.#context.target as EventTarget] : [] }

  get timeStamp(): number { return this.#context.timeStamp }
  get composed(): boolean { return false }
  get bubbles(): boolean { return this.#context.init.bubbles }
  get cancelable(): boolean { return this.#context.init.cancelable }

  get defaultPrevented(): boolean { return this.#context.init.canceled }
  get returnValue(): boolean { return !this.#context.init.canceled }
  set returnValue(value: boolean) { if (!value) this.preventDefault() }
  preventDefault(): void {
    const context = this.#context
    if (context.init.cancelable) this.#context = { ...context, init: { ...context.init, canceled: true } }
  }

  get cancelBubble(): boolean { return (this.#dispatch & STOPPED) !== 0 }
  set cancelBubble(value: boolean) { if (value) this.stopPropagation() }
  stopPropagation(): void { this.#dispatch |= STOPPED }
  stopImmediatePropagation(): void { this.#dispatch |= STOPPED | STOPPED_AT_ONCE }

  // [NON-SPEC] Firefox has more members. See `linkToPlatform`.

  get originalTarget(): EventTarget | null { return this.#context.target }
  get explicitOriginalTarget(): EventTarget | null { return this.#context.target }

  // The platform converts and validates the arguments of these two.

  initEvent(_type: string, ..._rest: unknown[]): void {
    const event = new MessageEvent('', { data: this.#data, origin: this.origin, lastEventId: this.#lastEventId })
    event.initEvent(...arguments as unknown as [string])
    this.#initialize(event)
  }

  initMessageEvent(_type: string, ..._rest: unknown[]): void {
    const event = new MessageEvent('')
    event.initMessageEvent(...arguments as unknown as [string])
    this.#initialize(event)
  }

  /** [spec] Does nothing during dispatch; otherwise clears the target. */
  #initialize({ type, data, lastEventId, origin, source, ports, bubbles, cancelable }: MessageEvent): void {
    if (this.#isDispatching) return
    this.#dispatch = 0
    this.#type = type
    this.#data = data
    this.#lastEventId = lastEventId
    const { timeStamp } = this.#context
    this.#context = { target: null, origin, timeStamp, init: { source, ports, bubbles, cancelable, canceled: false } }
  }

  get #isDispatching(): boolean { return (this.#dispatch & DISPATCHING) !== 0 }
}

/** Members that runtimes define on events themselves, not on the prototype, so that copies have them. */
let ownMembers: readonly string[] = []

/**
 * Makes `instanceof MessageEvent` hold and supports every member of this runtime's events. Not done on import, which must
 * work without such a class.
 */
export function linkToPlatform(): void {
  const { prototype } = LightMessageEvent
  if (prototype instanceof MessageEvent) return
  const event = new MessageEvent('')
  for (const key of ['originalTarget', 'explicitOriginalTarget']) if (!(key in event)) Reflect.deleteProperty(prototype, key)
  Reflect.deleteProperty(prototype, 'constructor')
  defineMembers(prototype)
  showAs(prototype, NAME, SHOWN)
  Object.defineProperty(prototype, Symbol.toStringTag, { value: Reflect.get(event, Symbol.toStringTag), configurable: true })
  Object.setPrototypeOf(prototype, MessageEvent.prototype)
  for (const key in event) {
    // Other members are constants, or getters that accept only the platform's own events.
    if (!Object.hasOwn(prototype, key) && key !== 'isTrusted') own(prototype, key, Reflect.get(event, key))
  }
  ownMembers = Object.keys(event).filter((key) => key !== 'isTrusted')
}

function own(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true })
}
