// Follows a feed for days: it resumes after the last event that it handled, even after a restart.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { EventSource } from 'eventsource-wasm'

const FEED = process.env.FEED ?? 'http://localhost:3000/prices'
const LAST_ID = new URL('last-event-id.txt', import.meta.url)

/** Keeps the ID in a file that is never half written. It is written at once, so that no ID is lost when the process exits. */
const store = {
  get: () => (existsSync(LAST_ID) ? readFileSync(LAST_ID, 'utf8') : ''),
  set: (id) => {
    const half = new URL(`${LAST_ID.href}.new`)
    writeFileSync(half, id)
    renameSync(half, LAST_ID)
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
