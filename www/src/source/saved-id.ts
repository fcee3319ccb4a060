import { call } from '../platform/call.js'
import { isThenable } from '../platform/thenable.js'
import type { LastEventIdStore } from '../types.js'
import { copyOf } from '../wasm/text.js'

/** An asynchronous store misses no ID until it is this many behind. */
const MAX_WAITING = 1000

/** The last event ID in the user's store. Exceptions of the store are reported and lose no events. */
export class SavedId {
  readonly #store: LastEventIdStore
  #saved: string | undefined
  /** The IDs that follow the one that is being stored, if one is. */
  #waiting: string[] | undefined

  constructor(store: LastEventIdStore) {
    this.#store = store
  }

  /** The saved ID, empty if there is no valid one; a promise of it if the store is asynchronous. Never rejects. */
  load(): string | Promise<string> {
    const stored: unknown = call(() => this.#store.get())
    // If the source is closed before the ID is known, the store stays unchanged.
    this.#saved = ''
    return isThenable(stored) ? Promise.resolve(stored).then((id) => this.#loaded(id), () => this.#loaded('')) : this.#loaded(stored)
  }

  #loaded(stored: unknown): string {
    this.#saved = typeof stored === 'string' && isEventId(stored) ? stored : ''
    return this.#saved
  }

  /** IDs go to the store in order, one at a time. */
  save(id: string): void {
    if (id === this.#saved) return
    this.#saved = copyOf(id)
    const waiting = this.#waiting
    if (waiting === undefined) this.#write(this.#saved)
    else waiting[Math.min(waiting.length, MAX_WAITING)] = this.#saved
  }

  #write(id: string): void {
    const stored: unknown = call(() => this.#store.set(id))
    if (isThenable(stored)) {
      this.#waiting ??= []
      stored.then(() => this.#writeNext(), () => this.#writeNext())
    } else if (this.#waiting !== undefined) {
      this.#writeNext()
    }
  }

  #writeNext(): void {
    const id = this.#waiting?.shift()
    if (id === undefined) this.#waiting = undefined
    else this.#write(id)
  }
}

/** No stream can set an ID that contains one of these, and no header may contain them. */
export function isEventId(id: string): boolean {
  return !['\r', '\n', '\0'].some((character) => id.includes(character))
}
