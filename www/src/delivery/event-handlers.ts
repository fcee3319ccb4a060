import { isObject } from '../platform/idl.js'
import { inCurrentZone } from '../platform/zone.js'
import { LightMessageEvent } from './light-event.js'
import type { ListenerTable } from './listeners.js'

interface EventHandler {
  value: object
  /** Calls it, in the zone in which it was set. */
  invoke: (this: unknown, event: Event) => void
  readonly listener: (this: unknown, event: Event) => void
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

  /** A new value keeps the old one's place among the listeners. Non-objects count as null. */
  set(type: string, value: unknown): void {
    const current = this.#handlers.get(type)
    if (!isObject(value)) {
      if (current === undefined) return
      this.#handlers.delete(type)
      this.#listeners.remove(type, current.listener, false)
    } else if (current !== undefined) {
      current.value = value
      current.invoke = invocation(value)
      this.#listeners.touch()
    } else {
      const handler: EventHandler = { value, invoke: invocation(value), listener(event) { handler.invoke.call(this, event) } }
      this.#handlers.set(type, handler)
      this.#listeners.add(type, handler.listener, {})
    }
  }
}

/** [spec] An object that is not callable does nothing; a handler that returns false cancels the event. */
function invocation(value: object): EventHandler['invoke'] {
  if (typeof value !== 'function') return () => {}
  const handler = inCurrentZone(value)
  return function (event) {
    const isCalledByPlatform = !(event instanceof LightMessageEvent) && platformCallsHandlers()
    if (!isCalledByPlatform && handler.call(this, event) === false) event.preventDefault()
  }
}

let callsHandlers: boolean | undefined

/** Whether the platform itself calls a target's `on…` property, as workerd does for every event it dispatches. */
function platformCallsHandlers(): boolean {
  if (callsHandlers === undefined) {
    callsHandlers = false
    const target = Object.assign(new EventTarget(), { onprobe: () => { callsHandlers = true } })
    target.dispatchEvent(new Event('probe'))
  }
  return callsHandlers
}
