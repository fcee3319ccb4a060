import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'

/** The native class beside the conformance tables, whose `native` notes say where an engine differs from HTML. */
export class Oracle {
  #engineName
  #differing = new Set()

  constructor(engineName) {
    this.#engineName = engineName
  }

  /** Asserts that the native class did what is expected; for a case with a note, remembers whether it did not. */
  check(row, actual, expected, message) {
    if (!this.#isNoted(row)) assert.deepEqual(actual, expected, `the native class, ${message}`)
    else if (!isDeepStrictEqual(actual, expected)) this.#differing.add(row)
  }

  /** The names of the cases with a note that no check has confirmed. */
  unconfirmed(cases) {
    return cases.filter((row) => this.#isNoted(row) && !this.#differing.has(row)).map(({ name }) => name)
  }

  #isNoted({ native }) {
    return Boolean(native?.[this.#engineName])
  }
}
