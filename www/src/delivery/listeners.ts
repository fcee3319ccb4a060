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
  /** Registered with the platform for real events. */
  readonly native: Callback
  /** Unsubscribes it from its signal. */
  forget: (() => void) | undefined
  /** Set when it leaves the table: a dispatch under way skips it. */
  removed: boolean
}

/** The listeners of one event type and phase, in the order in which they are called. */
interface Phase {
  readonly listeners: Map<Callback, Listener>
  /** A snapshot of the list, cached until the next change. */
  inOrder: readonly Listener[] | undefined
}

/** The listeners of one event type. */
export interface Lists {
  readonly capture: Phase
  readonly bubble: Phase
  /** The function to call, if there is exactly one listener and it is not removed by the call. */
  only: Invoke | undefined
}

/**
 * The event listener list of one source.
 *
 * It is kept twice: here for light events, and by the platform for all others. Both lists match, so every event reaches
 * the same listeners in the same order.
 */
export class ListenerTable {
  /** Incremented by every change. */
  version = 0
  /** Called when a listener is added. */
  onAdd: (() => void) | undefined
  readonly #target: EventTarget
  readonly #lists = new Map<string, Lists>()
  #isReleased = false

  constructor(target: EventTarget) {
    this.#target = target
    allowManyListeners(target)
  }

  /** `addEventListener`. The members of `options` have been neither converted nor checked. */
  add(type: string, callback: Callback, options: object): void {
    // Web IDL reads them in this order.
    const capture = Boolean(memberOf(options, 'capture'))
    const once = Boolean(memberOf(options, 'once'))
    const passive = memberOf(options, 'passive')
    const signal = memberOf(options, 'signal') as AbortSignal | undefined
    const aborted = signal !== undefined && isAborted(signal)
    const same = this.#phase(type, capture)?.listeners.get(callback)
    // An aborted signal removes its listener before its abort event is dispatched; ours may not have run yet.
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

  /** Records a change that the table cannot see. */
  touch(): void {
    this.version += 1
  }

  /** Whether there are listeners for anything but the connection. */
  get hearMessages(): boolean {
    for (const type of this.#lists.keys()) if (type !== 'open' && type !== 'error') return true
    return false
  }

  /** The listeners of an event type, if there are any. Valid until the next change. */
  lists(type: string): Lists | undefined {
    return this.#lists.get(type)
  }

  /** A snapshot of the listeners of an event type and phase. */
  inOrder(type: string, capture: boolean): readonly Listener[] {
    const phase = this.#phase(type, capture)
    if (phase === undefined) return []
    phase.inOrder ??= Array.from(phase.listeners.values())
    return phase.inOrder
  }

  /** Unsubscribes all listeners from their signals: the source is closed and dispatches nothing more. */
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

  /** Calls a listener for a platform event. */
  #callNative(listener: Listener, event: Event): void {
    const { callback, once, signal } = listener
    if (once || signal?.aborted) this.removeListener(listener)
    if (signal?.aborted) return
    if (typeof callback === 'function') callback.call(this.#target, event)
    else callback.handleEvent(event)
  }
}

/** Options that do not inherit from `Object.prototype`, which may be polluted. */
function platformOptions(capture: boolean, passive?: unknown): AddEventListenerOptions {
  return Object.assign(Object.create(null), passive === undefined ? { capture } : { capture, passive })
}
