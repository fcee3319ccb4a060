/** Runs in the page: lets a test listen to a source and gives what its listeners logged. */

import { classOf } from './trace.mjs'

/**
 * Constructs a source, calls `listen(source, log, api)` before anything can arrive, waits for the event `done` (or for
 * what `listen` returns), closes and resolves to the log.
 */
export async function listenTo(side, url, listen) {
  const Class = await classOf(side)
  const source = new Class(url)
  const lines = []
  const done = once(source, 'done')
  await (listen(source, (line) => { lines.push(line) }, { Class, url, once, busy }) ?? done)
  source.close()
  return lines
}

/** The next event of the type, as node's `once` and many libraries have it. */
function once(target, type) {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }))
}

/** Holds the thread. */
function busy(ms) {
  const end = performance.now() + ms
  while (performance.now() < end);
}
