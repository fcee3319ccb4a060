/** Starts a `text/event-stream` response at once, before there is anything to send. */
export function startEventStream(res) {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache',
    Connection: 'keep-alive',
    'X-Accel-Buffering': 'no',
  })
  res.flushHeaders()
}

/** The number of the last event that the client has, from a `Last-Event-ID` header; 0 when there is none. */
export function lastNumber(lastEventId) {
  return /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0
}
