import { isObject } from '../platform/idl.js'
import type { ListenerTable } from './listeners.js'

interface EventHandler {
  value: object
  readonly listener: (event: Event) => void
}

/** The event handlers of one source, which its `on…` attributes reflect (HTML 8.1.8.1). */
export class EventHandlers {
  readonly #listeners: ListenerTable
  readonly #handlers = new Map<string, EventHandler>()

  constructor(listeners: ListenerTable) {
    this.#listeners = listeners
  }

  get(type: string): object | null {
    return this.#handlers.get(type)?.value ?? null
  }

  /** A new value keeps the place of the old one among the listeners. What is not an object counts as null. */
  set(type: string, value: unknown): void {
    const current = this.#handlers.get(type)
    if (!isObject(value)) {
      if (current === undefined) return
      this.#handlers.delete(type)
      this.#listeners.remove(type, current.listener, false)
    } else if (current !== undefined) {
      current.value = value
      this.#listeners.touch()
    } else {
      const handler = { value, listener: (event: Event) => handle(handler.value, event) }
      this.#handlers.set(type, handler)
      this.#listeners.add(type, handler.listener, {})
    }
  }
}

/** [spec] An object that is not callable does nothing; a handler that returns false cancels the event. */
function handle(handler: object, event: Event): void {
  if (typeof handler === 'function' && handler.call(event.currentTarget, event) === false) event.preventDefault()
}
