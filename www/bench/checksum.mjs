/** Counts events and checksums their data, to detect a run that lost, truncated or reordered anything. */
export class Checksum {
  events = 0
  length = 0
  hash = 0

  add(data) {
    const { length } = data
    const sample = data.charCodeAt(0) + 7 * data.charCodeAt(length >> 1) + 13 * data.charCodeAt(length - 1)
    this.events += 1
    this.length += length
    this.hash = (Math.imul(this.hash, 31) + sample + length) | 0
  }
}
