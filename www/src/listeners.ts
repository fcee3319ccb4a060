type Callback = EventListenerOrEventListenerObject

/** One listener (DOM 2.7). */
export interface Listener {
  readonly type: string
  readonly callback: Callback
  readonly capture: boolean
  readonly once: boolean
  readonly passive: boolean
  /** What is registered with the platform for real events. */
  readonly native: Callback
  /** Set when it leaves the table: a dispatch under way skips it. */
  removed: boolean
}

/** The listeners of one event type, in the order in which they are called. Lists are replaced, not changed. */
export interface Lists {
  capture: readonly Listener[]
  bubble: readonly Listener[]
}

/** The event listener list of one source. */
export class ListenerTable {
  /** Grows with every change. */
  version = 0
  readonly #lists = new Map<string, Lists>()

  find(type: string, callback: Callback, capture: boolean): Listener | undefined {
    return this.#list(type, capture).find((listener) => listener.callback === callback)
  }

  /** The caller has made sure that there is no listener with the same type, callback and capture. */
  add(listener: Listener): void {
    this.#replace(listener, [...this.#list(listener.type, listener.capture), listener])
  }

  remove(listener: Listener): void {
    if (listener.removed) return
    listener.removed = true
    this.#replace(listener, this.#list(listener.type, listener.capture).filter((other) => other !== listener))
  }

  lists(type: string): Lists | undefined {
    return this.#lists.get(type)
  }

  #list(type: string, capture: boolean): readonly Listener[] {
    return this.#lists.get(type)?.[capture ? 'capture' : 'bubble'] ?? []
  }

  #replace({ type, capture }: Listener, list: readonly Listener[]): void {
    this.version += 1
    const lists = this.#lists.get(type) ?? { capture: [], bubble: [] }
    lists[capture ? 'capture' : 'bubble'] = list
    if (lists.capture.length + lists.bubble.length > 0) this.#lists.set(type, lists)
    else this.#lists.delete(type)
  }
}

/** Calls a callback as the platform does: the function, or the object's `handleEvent` of this moment. */
export function call(callback: Callback, target: EventTarget, event: Event): void {
  if (typeof callback === 'function') callback.call(target, event)
  else callback.handleEvent(event)
}
