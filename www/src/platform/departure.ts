/** Firefox ends a page's connections some milliseconds before `pagehide`; the page must not see that as a failure. */
const DEPARTURE_MS = 50

/**
 * Resolves if the page stays. A departing page runs no more timers, so it never resolves, or only when the page is
 * restored from the back/forward cache. Undefined in a worker, which ends without notice.
 */
export function pageStays(): Promise<void> | undefined {
  if (!('document' in globalThis)) return undefined
  return new Promise((resolve) => { setTimeout(resolve, DEPARTURE_MS) })
}
