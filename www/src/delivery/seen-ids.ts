import { copyOf } from '../wasm/text.js'

/** The event IDs of the last messages, oldest first. */
export class SeenIds {
  readonly #window: number
  readonly #ids = new Set<string>()

  constructor(window: number) {
    this.#window = window
  }

  /** Whether `id` is among them; if not, it becomes the newest. */
  has(id: string): boolean {
    if (this.#ids.has(id)) return true
    this.#ids.add(copyOf(id))
    if (this.#ids.size > this.#window) {
      for (const oldest of this.#ids) {
        this.#ids.delete(oldest)
        break
      }
    }
    return false
  }
}
