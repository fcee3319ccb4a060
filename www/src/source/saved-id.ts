import { call } from '../platform/call.js'
import { report } from '../platform/report.js'
import type { LastEventIdStore } from '../types.js'

/** The last event ID in the user's store. What the store throws is reported and costs no event. */
export class SavedId {
  readonly #store: LastEventIdStore
  #saved: string | undefined

  constructor(store: LastEventIdStore) {
    this.#store = store
  }

  /** The ID that was saved, empty without a valid one. */
  load(): string {
    try {
      const id: unknown = this.#store.get()
      this.#saved = typeof id === 'string' && isEventId(id) ? id : ''
      return this.#saved
    } catch (error) {
      report(error)
      return ''
    }
  }

  save(id: string): void {
    if (id === this.#saved) return
    this.#saved = id
    call(() => this.#store.set(id))
  }
}

/** No stream can set an ID that holds one of these, and no header may. */
export function isEventId(id: string): boolean {
  return !['\r', '\n', '\0'].some((character) => id.includes(character))
}
