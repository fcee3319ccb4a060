// An event stream as a server should send it. Most examples read this one.
const INTERVAL_MS = 500
const HEARTBEAT_MS = 15_000

/** How many of the latest events a client that reconnects can still get. */
const KEPT = 1_000

/** The latest events, oldest first, and the connected clients. */
const events = []
const listeners = new Set()
let lastId = Date.now()
let value = 100

setInterval(() => {
  value += Math.random() - 0.5
  // Keeps growing across restarts of the server.
  lastId = Math.max(lastId + 1, Date.now())
  const event = { id: lastId, text: `id: ${lastId}\nevent: price\ndata: ${JSON.stringify({ symbol: 'ACME', value: Number(value.toFixed(2)) })}\n\n` }
  events.push(event)
  if (events.length > KEPT) events.shift()
  for (const listener of listeners) listener.write(event.text)
}, INTERVAL_MS).unref()

/** Answers a request of Node's `http`, or of any server that has its requests and responses, such as Express or Vite. */
export function feed(request, response) {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    // Nothing caches the stream, and nginx passes on each event at once.
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  // This comment is for clients that watch for silence: `timeouts: { heartbeatComment: 'heartbeat' }`.
  response.write(`: heartbeat ${HEARTBEAT_MS}\n\n`)
  // A client that was cut off sends its last event ID, and resumes after it.
  const after = Number(request.headers['last-event-id'] ?? lastId)
  for (const { id, text } of events) if (id > after) response.write(text)
  listeners.add(response)
  const heartbeat = setInterval(() => response.write(`: heartbeat ${HEARTBEAT_MS}\n\n`), HEARTBEAT_MS)
  response.on('close', () => {
    clearInterval(heartbeat)
    listeners.delete(response)
  })
}
