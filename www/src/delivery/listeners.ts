import { follow, isAborted } from '../platform/abort.js'
import { memberOf } from '../platform/idl.js'
import { allowManyListeners } from '../platform/max-listeners.js'
import { inCurrentZone } from '../platform/zone.js'

export type Callback = EventListenerOrEventListenerObject

/** Calls the listener of a light event, with the target as `this`. */
type Invoke = (this: EventTarget, event: Event) => void

/** One listener (DOM 2.7). */
export interface Listener {
  readonly type: string
  readonly callback: Callback
  readonly capture: boolean
  readonly once: boolean
  readonly signal: AbortSignal | undefined
  readonly invoke: Invoke
  /** What is registered with the platform for real events. */
  readonly native: Callback
  /** Has its signal forget it. */
  forget: (() => void) | undefined
  /** Set when it leaves the table: a dispatch under way skips it. */
  removed: boolean
}

/** The listeners of one event type and phase, in the order in which they are called. */
interface Phase {
  readonly listeners: Map<Callback, Listener>
  /** The same as a list that later changes do not change, if it was asked for since the last one. */
  inOrder: readonly Listener[] | undefined
}

/** The listeners of one event type. */
export interface Lists {
  readonly capture: Phase
  readonly bubble: Phase
  /** What to call, if there is but one listener, and that stays. */
  only: Invoke | undefined
}

/**
 * The event listener list of one source.
 *
 * It is kept twice: here for light events, and by the platform for all others. The two are alike, so whichever way
 * an event comes, the same listeners hear it in the same order.
 */
export class ListenerTable {
  /** Grows with every change. */
  version = 0
  /** Hears of listeners that come. */
  onAdd: (() => void) | undefined
  readonly #target: EventTarget
  readonly #lists = new Map<string, Lists>()
  #isReleased = false

  constructor(target: EventTarget) {
    this.#target = target
    allowManyListeners(target)
  }

  /** `addEventListener`. The platform has converted neither the members of `options` nor checked them. */
  add(type: string, callback: Callback, options: object): void {
    // Web IDL reads them in this order.
    const capture = Boolean(memberOf(options, 'capture'))
    const once = Boolean(memberOf(options, 'once'))
    const passive = memberOf(options, 'passive')
    const signal = memberOf(options, 'signal') as AbortSignal | undefined
    const aborted = signal !== undefined && isAborted(signal)
    const same = this.#phase(type, capture)?.listeners.get(callback)
    // An aborted signal removes its listener before anybody hears of it; our turn may not have come yet.
    if (same?.signal?.aborted) this.removeListener(same)
    else if (same !== undefined) return
    if (aborted) return
    const target = this.#target
    const invoke = inCurrentZone(typeof callback === 'function' ? callback : (event: Event) => callback.handleEvent(event))
    const native = once || signal !== undefined ? (event: Event): void => this.#callNative(listener, event) : callback
    const listener: Listener = { type, callback, capture, once, signal, invoke, native, forget: undefined, removed: false }
    let lists = this.#lists.get(type)
    if (lists === undefined) {
      lists = { capture: { listeners: new Map(), inOrder: undefined }, bubble: { listeners: new Map(), inOrder: undefined }, only: undefined }
      this.#lists.set(type, lists)
    }
    lists[capture ? 'capture' : 'bubble'].listeners.set(callback, listener)
    this.#changed(lists)
    EventTarget.prototype.addEventListener.call(target, type, native, platformOptions(capture, passive))
    if (signal !== undefined && !this.#isReleased) listener.forget = follow(signal, () => this.removeListener(listener))
    this.onAdd?.()
  }

  /** `removeEventListener`. */
  remove(type: string, callback: Callback, capture: boolean): void {
    const listener = this.#phase(type, capture)?.listeners.get(callback)
    if (listener !== undefined) this.removeListener(listener)
  }

  removeListener(listener: Listener): void {
    if (listener.removed) return
    listener.removed = true
    const { type, callback, capture, native } = listener
    const lists = this.#lists.get(type)
    if (lists !== undefined) {
      lists[capture ? 'capture' : 'bubble'].listeners.delete(callback)
      this.#changed(lists)
      if (lists.capture.listeners.size + lists.bubble.listeners.size === 0) this.#lists.delete(type)
    }
    EventTarget.prototype.removeEventListener.call(this.#target, type, native, platformOptions(capture))
    listener.forget?.()
  }

  /** Tells of a change that the table does not see. */
  touch(): void {
    this.version += 1
  }

  /** Whether anybody hears more than of the connection. */
  get hearMessages(): boolean {
    for (const type of this.#lists.keys()) if (type !== 'open' && type !== 'error') return true
    return false
  }

  /** Those of an event type, if there are any, until the next change. */
  lists(type: string): Lists | undefined {
    return this.#lists.get(type)
  }

  /** Those of an event type and phase, as they are now. */
  inOrder(type: string, capture: boolean): readonly Listener[] {
    const phase = this.#phase(type, capture)
    if (phase === undefined) return []
    phase.inOrder ??= Array.from(phase.listeners.values())
    return phase.inOrder
  }

  /** Has no signal keep a listener: the source is closed, and nobody will tell it anything more. */
  release(): void {
    this.#isReleased = true
    for (const { capture, bubble } of this.#lists.values()) {
      for (const { listeners } of [capture, bubble]) for (const { forget } of listeners.values()) forget?.()
    }
  }

  #phase(type: string, capture: boolean): Phase | undefined {
    return this.#lists.get(type)?.[capture ? 'capture' : 'bubble']
  }

  #changed(lists: Lists): void {
    this.touch()
    const { capture, bubble } = lists
    capture.inOrder = bubble.inOrder = undefined
    const [first] = capture.listeners.size === 0 && bubble.listeners.size === 1 ? bubble.listeners.values() : []
    lists.only = first?.once === false ? first.invoke : undefined
  }

  /** Calls the listener of an event of the platform's, whose turn it is. */
  #callNative(listener: Listener, event: Event): void {
    const { callback, once, signal } = listener
    if (once || signal?.aborted) this.removeListener(listener)
    if (signal?.aborted) return
    if (typeof callback === 'function') callback.call(this.#target, event)
    else callback.handleEvent(event)
  }
}

/** Without what was put on `Object.prototype`. */
function platformOptions(capture: boolean, passive?: unknown): AddEventListenerOptions {
  return Object.assign(Object.create(null), passive === undefined ? { capture } : { capture, passive })
}
