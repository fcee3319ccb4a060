import { call } from '../platform/call.js'
import { isThenable } from '../platform/thenable.js'
import { copyOf } from '../wasm/text.js'
import { eventId } from './options.js'
import type { LastEventIdStore } from '../types.js'

/** An asynchronous store misses no ID until it is this many behind. */
const MAX_WAITING = 1000

/** The last event ID in the user's store. Exceptions of the store and invalid IDs are reported and lose no events. */
export class SavedId {
  readonly #store: LastEventIdStore
  #saved: string | undefined
  /** The IDs that follow the one that is being stored, if one is. */
  #waiting: string[] | undefined

  constructor(store: LastEventIdStore) {
    this.#store = store
  }

  /** The saved ID, empty if there is none; a promise of it if the store is asynchronous. Never rejects. */
  load(): string | Promise<string> {
    const stored: unknown = call(() => this.#store.get())
    // If the source is closed before the ID is known, the store stays unchanged.
    this.#saved = ''
    return isThenable(stored) ? Promise.resolve(stored).then((id) => this.#loaded(id), () => this.#loaded('')) : this.#loaded(stored)
  }

  #loaded(stored: unknown): string {
    this.#saved = call(eventId, stored ?? '', 'store.get()') ?? ''
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
