import { warn } from './warn.js'

/** For how long one change of a header is no sign that every rendering makes another one. */
const SETTLED_MS = 1_000
/** So many changes without a rendering that repeats a value are one, however long they take. */
const MAX_CHANGES = 3

/**
 * Which change of the headers is a reason to reconnect. A token that is renewed is one; a value that every rendering
 * makes anew is not, for reconnecting renders.
 */
export class HeaderChanges {
  #accepted: string | undefined
  #last: string | undefined
  #changes = 0
  #acceptedAt = 0

  constructor(headers: string | undefined) {
    this.#accepted = this.#last = headers
  }

  /** Whether these headers, of the latest rendering, are to replace those in use. */
  accept(headers: string): boolean {
    const isRepeated = headers === this.#last
    this.#last = headers
    if (isRepeated) this.#changes = 0
    if (headers === this.#accepted) return false
    const isSettled = Date.now() - this.#acceptedAt > SETTLED_MS && this.#changes < MAX_CHANGES
    if (!isRepeated && this.#changes > 0 && !isSettled) {
      warn('a header differs in every rendering, so a change of it does not reconnect: make its value once, or give headers as a function')
      return false
    }
    this.#changes += isRepeated ? 0 : 1
    this.#accepted = headers
    this.#acceptedAt = Date.now()
    return true
  }
}
