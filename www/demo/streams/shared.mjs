import { badRequest, eventStream, lastNumber, parametersOf } from './event-stream.mjs'
import { pause } from './pause.mjs'

const INTERVAL_MS = 200

/** How many past events a client that reconnects still gets. */
const KEPT = 1024

/**
 * Numbered events that say how many connections their `visitor` has open now, and which of all so far brings them. They
 * are numbered by the time, so all connections agree and nothing has to be kept.
 */
export function shared() {
  const visitors = new Map()

  async function* events(visitor, last) {
    const counts = visitors.get(visitor) ?? { open: 0, requests: 0 }
    visitors.set(visitor, counts)
    counts.open += 1
    const connection = counts.requests += 1
    try {
      yield 'retry: 1000\n\n'
      const newest = () => Math.floor(Date.now() / INTERVAL_MS)
      let number = last === 0 ? newest() : Math.max(last, newest() - KEPT) + 1
      for (;;) {
        for (const due = newest(); number <= due; number += 1) {
          yield `id: ${number}\ndata: ${JSON.stringify({ number, connection, open: counts.open })}\n\n`
        }
        await pause(number * INTERVAL_MS - Date.now())
      }
    } finally {
      counts.open -= 1
      if (counts.open === 0) forgetLater(visitor, counts)
    }
  }

  /** A visitor who is on the way from one tab to another has none for a moment. */
  function forgetLater(visitor, counts) {
    const { requests } = counts
    setTimeout(() => {
      if (counts.requests === requests) visitors.delete(visitor)
    }, 60_000).unref?.()
  }

  return async request => {
    const { visitor } = await parametersOf(request)
    return visitor ? eventStream(events(visitor, lastNumber(request))) : badRequest('no visitor')
  }
}
