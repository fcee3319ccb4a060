/** Numbered events, told by the server and checked in the page. */

/** The data of event `number`: from 0 to 200 characters, not all of them ASCII. */
export function dataOf(number) {
  return `${number} ${'é'.repeat(number % 100)}${'x'.repeat((number * 7) % 100)}`
}
