/** Firefox ends the connections of a page some milliseconds before it tells the page, which must not hear of that. */
const DEPARTURE_MS = 50

/**
 * Resolves if the page stays. A page that goes away runs no more timers: never if it is gone, and when it is shown
 * again if it is kept for the way back. Undefined in a worker, which ends without a word.
 */
export function pageStays(): Promise<void> | undefined {
  if (!('document' in globalThis)) return undefined
  return new Promise((resolve) => { setTimeout(resolve, DEPARTURE_MS) })
}
