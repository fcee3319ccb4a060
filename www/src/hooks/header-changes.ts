import { warn } from './warn.js'

/** A change this long after the previous one is no sign that the header differs in every render. */
const SETTLED_MS = 1_000
/** This many changes without a render that repeats a value are a sign, unless they are rare. */
const MAX_CHANGES = 3
/** A component can render for nothing but a new token, so that no value is repeated. */
const RARE_MS = 10_000

/**
 * Decides which header change is a reason to reconnect. A renewed token is; a value that changes with every render is
 * not, because reconnecting renders.
 */
export class HeaderChanges {
  #accepted: string | undefined
  #last: string | undefined
  /** Since a value was repeated. */
  #changes = 0
  #changedAt = 0

  constructor(headers: string | undefined) {
    this.#accepted = this.#last = headers
  }

  /** Whether these headers, from the latest render, replace those in use. */
  accept(headers: string): boolean {
    const now = Date.now()
    const gapMs = now - this.#changedAt
    if (headers === this.#last || gapMs > RARE_MS) this.#changes = 0
    if (headers !== this.#last) this.#changedAt = now
    this.#last = headers
    if (headers === this.#accepted) return false
    if (this.#changes > 0 && (gapMs < SETTLED_MS || this.#changes >= MAX_CHANGES)) {
      warn('a header differs in every rendering, so a change of it does not reconnect: make its value once, or give headers as a function')
      return false
    }
    this.#changes += 1
    this.#accepted = headers
    return true
  }
}
