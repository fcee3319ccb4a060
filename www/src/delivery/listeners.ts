export type Callback = EventListenerOrEventListenerObject

/** One listener (DOM 2.7). */
export interface Listener {
  readonly type: string
  readonly callback: Callback
  readonly capture: boolean
  readonly once: boolean
  readonly signal: AbortSignal | undefined
  /** What is registered with the platform for real events. */
  readonly native: Callback
  /** What the signal calls. */
  readonly abort: () => void
  /** Set when it leaves the table: a dispatch under way skips it. */
  removed: boolean
}

/** The listeners of one event type, in the order in which they are called. Lists are replaced, not changed. */
export interface Lists {
  capture: readonly Listener[]
  bubble: readonly Listener[]
  /** What to call, if there is but one listener, and that is a function and stays. */
  only: ((event: Event) => void) | undefined
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
  readonly #target: EventTarget
  readonly #lists = new Map<string, Lists>()

  constructor(target: EventTarget) {
    this.#target = target
  }

  /** `addEventListener`. The platform has converted neither the members of `options` nor checked them. */
  add(type: string, callback: Callback, options: AddEventListenerOptions): void {
    // Web IDL reads them in this order.
    const { capture: isCapture, once: isOnce, passive, signal } = options
    const capture = Boolean(isCapture)
    const once = Boolean(isOnce)
    const aborted = signal !== undefined && isAborted(signal)
    const same = this.#find(type, callback, capture)
    // An aborted signal removes its listener before anybody hears of it; our turn may not have come yet.
    if (same?.signal?.aborted) this.removeListener(same)
    else if (same !== undefined) return
    if (aborted) return
    const abort = (): void => this.removeListener(listener)
    const target = this.#target
    const native: Callback = once ? function (event) { abort(); call(callback, target, event) } : callback
    const listener: Listener = { type, callback, capture, once, signal, native, abort, removed: false }
    this.#replace(listener, [...this.#list(type, capture), listener])
    EventTarget.prototype.addEventListener.call(target, type, native, { capture, passive: passive as boolean })
    if (signal !== undefined) EventTarget.prototype.addEventListener.call(signal, 'abort', abort)
  }

  /** `removeEventListener`. */
  remove(type: string, callback: Callback, capture: boolean): void {
    const listener = this.#find(type, callback, capture)
    if (listener !== undefined) this.removeListener(listener)
  }

  removeListener(listener: Listener): void {
    if (listener.removed) return
    listener.removed = true
    const { type, capture, native, signal, abort } = listener
    this.#replace(listener, this.#list(type, capture).filter((other) => other !== listener))
    EventTarget.prototype.removeEventListener.call(this.#target, type, native, capture)
    if (signal !== undefined) EventTarget.prototype.removeEventListener.call(signal, 'abort', abort)
  }

  /** Tells of a change that the table does not see. */
  touch(): void {
    this.version += 1
  }

  /** The object stays the same for the life of the table. */
  lists(type: string): Lists | undefined {
    return this.#lists.get(type)
  }

  #find(type: string, callback: Callback, capture: boolean): Listener | undefined {
    return this.#list(type, capture).find((listener) => listener.callback === callback)
  }

  #list(type: string, capture: boolean): readonly Listener[] {
    return this.#lists.get(type)?.[capture ? 'capture' : 'bubble'] ?? []
  }

  #replace({ type, capture }: Listener, list: readonly Listener[]): void {
    this.touch()
    const lists = this.#lists.get(type) ?? { capture: [], bubble: [], only: undefined }
    lists[capture ? 'capture' : 'bubble'] = list
    const [first, second] = lists.capture.length > 0 ? [] : lists.bubble
    const isOnly = first?.once === false && second === undefined && typeof first.callback === 'function'
    lists.only = isOnly ? first.callback as (event: Event) => void : undefined
    this.#lists.set(type, lists)
  }
}

/** Calls a callback as the platform does: the function, or the object's `handleEvent` of this moment. */
export function call(callback: Callback, target: EventTarget, event: Event): void {
  if (typeof callback === 'function') callback.call(target, event)
  else callback.handleEvent(event)
}

/** @throws `TypeError` if it is no `AbortSignal`, of this realm or another. */
function isAborted(signal: AbortSignal): boolean {
  return Reflect.get(AbortSignal.prototype, 'aborted', signal) as boolean
}
