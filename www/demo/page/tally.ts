/**
 * Counts numbered events. An event stream keeps its order, so a number beyond the expected one leaves a gap, and one
 * below it came before.
 */
export class Tally {
  received = 0
  missing = 0
  twice = 0
  #expected: number | undefined

  /** Returns how many numbers are missing right before this one, or `'twice'`. */
  add(number: number): number | 'twice' {
    this.received += 1
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
