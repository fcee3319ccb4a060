/** How many numbers are missing just before an event, or that it is a repeat. */
export type Gap = number | 'twice'

/**
 * Counts numbered events. An event stream keeps its order, so a number above the expected one leaves a gap, and one
 * below it is a repeat.
 */
export class Tally {
  received = 0
  missing = 0
  twice = 0
  #expected: number | undefined

  /** An event without a number is only counted. */
  add(number: number | undefined): Gap {
    this.received += 1
    if (number === undefined) return 0
    const expected = this.#expected ?? number
    if (number < expected) {
      this.twice += 1
      return 'twice'
    }
    this.#expected = number + 1
    this.missing += number - expected
    return number - expected
  }
}
