import { defineMembers } from '../platform/idl.js'
import { call, type Lists, type Listener } from './listeners.js'
import { report } from '../platform/report.js'

/** What the messages of one time slice have in common, until one is initialized anew. */
export interface MessageContext {
  readonly target: EventTarget | null
  readonly origin: string
  readonly timeStamp: number
  readonly isTrusted: boolean
  readonly composed: boolean
  readonly source: MessageEventSource | null
  readonly ports: readonly MessagePort[]
  readonly bubbles: boolean
  readonly cancelable: boolean
  readonly canceled: boolean
  readonly userActivation: null
}

const NONE = 0
const AT_TARGET = 2

const noPorts: readonly MessagePort[] = Object.freeze([])

export function messageContext(target: EventTarget, origin: string, timeStamp: number): MessageContext {
  return {
    target, origin, timeStamp,
    source: null, ports: noPorts,
    isTrusted: false, bubbles: false, cancelable: false, composed: false, canceled: false,
    userActivation: null,
  }
}

/**
 * A `MessageEvent` to everybody who asks it, made and dispatched in a tenth of the time.
 *
 * Its prototype chain reaches `MessageEvent.prototype` and every member of that and of `Event.prototype`
 * is answered here. It has no brand, so the platform's own `dispatchEvent` refuses it.
 */
export class LightMessageEvent {
  #context: MessageContext
  #type: string
  #data: unknown
  #lastEventId: string
  #isDispatching = false
  #propagationStopped = false
  #immediateStopped = false

  constructor(context: MessageContext, type: string, data: string, lastEventId: string) {
    this.#context = context
    this.#type = type
    this.#data = data
    this.#lastEventId = lastEventId
  }

  /** Dispatches at the target (DOM 2.9): capturing listeners, then the others, each list as its turn finds it. */
  static dispatch(event: LightMessageEvent, lists: Lists, removeOnce: (listener: Listener) => void): void {
    event.#isDispatching = true
    if (lists.capture.length > 0) event.#invoke(lists.capture, removeOnce)
    if (!event.#propagationStopped) event.#invoke(lists.bubble, removeOnce)
    event.#isDispatching = false
    event.#propagationStopped = false
    event.#immediateStopped = false
  }

  #invoke(list: readonly Listener[], removeOnce: (listener: Listener) => void): void {
    const target = this.#context.target as EventTarget
    for (const listener of list) {
      if (listener.removed) continue
      if (listener.once) removeOnce(listener)
      try {
        call(listener.callback, target, this as unknown as Event)
      } catch (error) {
        report(error)
      }
      if (this.#immediateStopped) return
    }
  }

  get type(): string { return this.#type }
  get data(): unknown { return this.#data }
  get lastEventId(): string { return this.#lastEventId }
  get origin(): string { return this.#context.origin }
  get source(): MessageEventSource | null { return this.#context.source }
  get ports(): readonly MessagePort[] { return this.#context.ports }

  get target(): EventTarget | null { return this.#context.target }
  get srcElement(): EventTarget | null { return this.#context.target }
  get currentTarget(): EventTarget | null { return this.#isDispatching ? this.#context.target : null }
  get eventPhase(): number { return this.#isDispatching ? AT_TARGET : NONE }
  composedPath(): EventTarget[] { return this.#isDispatching ? [this.#context.target as EventTarget] : [] }

  get timeStamp(): number { return this.#context.timeStamp }
  get isTrusted(): boolean { return this.#context.isTrusted }
  get composed(): boolean { return this.#context.composed }
  get bubbles(): boolean { return this.#context.bubbles }
  get cancelable(): boolean { return this.#context.cancelable }

  get defaultPrevented(): boolean { return this.#context.canceled }
  get returnValue(): boolean { return !this.#context.canceled }
  set returnValue(value: boolean) { if (!value) this.preventDefault() }
  preventDefault(): void { if (this.cancelable) this.#context = { ...this.#context, canceled: true } }

  get cancelBubble(): boolean { return this.#propagationStopped }
  set cancelBubble(value: boolean) { if (value) this.#propagationStopped = true }
  stopPropagation(): void { this.#propagationStopped = true }
  stopImmediatePropagation(): void {
    this.#propagationStopped = true
    this.#immediateStopped = true
  }

  // [NON-SPEC] Some engines have more members. See `linkToPlatform`.

  get originalTarget(): EventTarget | null { return this.#context.target }
  get explicitOriginalTarget(): EventTarget | null { return this.#context.target }
  get userActivation(): null { return this.#context.userActivation }

  // The platform converts the arguments of these two, and refuses what it has to.

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

  /** [spec] Does nothing while this is dispatched, and forgets the target otherwise. */
  #initialize({ type, data, lastEventId, origin, source, ports, bubbles, cancelable }: MessageEvent): void {
    if (this.#isDispatching) return
    this.#propagationStopped = false
    this.#immediateStopped = false
    this.#type = type
    this.#data = data
    this.#lastEventId = lastEventId
    this.#context = { ...this.#context, target: null, origin, source, ports, bubbles, cancelable, canceled: false }
  }
}

/**
 * Makes `instanceof MessageEvent` hold, and leaves just the members that this engine's have. Not done on import, which
 * must work where there is no such class.
 */
export function linkToPlatform(): void {
  const { prototype } = LightMessageEvent
  if (prototype instanceof MessageEvent) return
  for (const key of Reflect.ownKeys(prototype)) {
    if (key === 'constructor' || !(key in MessageEvent.prototype)) Reflect.deleteProperty(prototype, key)
  }
  defineMembers(prototype)
  Object.setPrototypeOf(prototype, MessageEvent.prototype)
}
