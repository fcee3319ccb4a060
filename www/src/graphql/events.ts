import { call } from '../platform/call.js'
import type { ClientEvents } from './types.js'

export type Emit = <Name extends keyof ClientEvents>(name: Name, ...details: Parameters<ClientEvents[Name]>) => void

/** The listeners of a client. */
export class Listeners {
  readonly #listeners = new Set<Partial<ClientEvents>>()

  constructor(first: Partial<ClientEvents> | undefined) {
    this.add(first)
  }

  /** Returns a function that removes them. */
  add(listeners: Partial<ClientEvents> = {}): () => void {
    const added = { ...listeners }
    this.#listeners.add(added)
    return () => { this.#listeners.delete(added) }
  }

  /** A function that notifies all listeners, and `more`. */
  emitter(more: Partial<ClientEvents> = {}): Emit {
    return (name, ...details) => {
      for (const listeners of [...this.#listeners, more]) call(() => (listeners[name] as ((...details: unknown[]) => unknown) | undefined)?.(...details))
    }
  }
}
