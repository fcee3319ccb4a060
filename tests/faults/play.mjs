/** Runs in the page: opens sources on faulty endpoints and returns the outcome of each. */

import { classOf } from '/e2e/trace.mjs'

/** Browsers open six connections to one host, but most of these sources wait for their next attempt. */
const AT_ONCE = 20

/** Resolves to what `play` resolves to, for every URL. */
export async function playAll(side, urls, init) {
  const Class = await classOf(side)
  const results = []
  const queue = urls.entries()
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const [index, url] of queue) results[index] = await play(Class, url, init)
  }))
  return results
}

/** Listens until the server's last event, or until the source closes: every message, and every error's kind. */
function play(Class, url, init) {
  const source = new Class(url, init)
  const messages = []
  const errors = []
  return new Promise((resolve) => {
    const end = (outcome) => {
      source.close()
      resolve({ outcome, messages, errors })
    }
    source.addEventListener('message', ({ data, lastEventId }) => messages.push({ id: lastEventId, data }))
    source.addEventListener('end', () => end('complete'))
    source.addEventListener('error', ({ kind = 'error' }) => {
      errors.push(kind)
      if (source.readyState === Class.CLOSED) end('closed')
    })
  })
}
