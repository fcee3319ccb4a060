// Follows a feed for days: it resumes after the last event that it handled, even after a restart.
import { readFile, rename, writeFile } from 'node:fs/promises'
import { EventSource } from 'eventsource-wasm'

const FEED = process.env.FEED ?? 'http://localhost:3000/prices'
const LAST_ID = new URL('last-event-id.txt', import.meta.url)

/** Keeps the ID in a file that is never half written. */
const store = {
  get: () => readFile(LAST_ID, 'utf8').catch(() => ''),
  set: async (id) => {
    const half = new URL(`${LAST_ID.href}.new`)
    await writeFile(half, id)
    await rename(half, LAST_ID)
  },
}

const shutdown = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => shutdown.abort())

const source = new EventSource(FEED, {
  reconnect: true,
  timeouts: { heartbeatComment: 'heartbeat' },
  store,
  signal: shutdown.signal,
})
source.addEventListener('error', ({ message }) => console.error(message))

try {
  // The next iteration stores this event's ID and asks for the next event.
  for await (const { lastEventId, data } of source.messages()) {
    const { symbol, value } = JSON.parse(data)
    console.log(`${lastEventId}: ${symbol} ${value}`)
  }
} catch (error) {
  if (!shutdown.signal.aborted) throw error
  process.exit(0)
}
