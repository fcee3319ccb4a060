import { warn } from './warn.js'

/** A change this long after the previous one is no sign that the header differs in every render. */
const SETTLED_MS = 1_000
/** This many changes without a render that repeats a value are a sign, regardless of the time between them. */
const MAX_CHANGES = 3

/**
 * Decides which header change is a reason to reconnect. A renewed token is; a value that changes with every render is
 * not, because reconnecting renders.
 */
export class HeaderChanges {
  #accepted: string | undefined
  #last: string | undefined
  #changes = 0
  #acceptedAt = 0

  constructor(headers: string | undefined) {
    this.#accepted = this.#last = headers
  }

  /** Whether these headers, from the latest render, replace those in use. */
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
