import type { EventSourceErrorEvent } from 'eventsource-wasm'

/** What an `error` event means, for a reader of the page. */
export function explain(error: EventSourceErrorEvent, lastEventId: string): string {
  const { kind, message, status, willReconnect, delayMs } = error
  if (willReconnect) {
    if (delayMs === Infinity) return `${causeOf(error)}. It asks again when the network or the page is back.`
    return lastEventId ? `${causeOf(error)}. It asks again for what comes after ${lastEventId}.` : `${causeOf(error)}. It asks again.`
  }
  if (kind === 'http') return `The server answered ${status}. That is final, unless the option reconnect says otherwise.`
  if (kind === 'end') return 'The server ended the stream. A POST is not repeated after a clean end.'
  if (kind === 'truncated') return 'The server ended the stream before it was complete. A POST without ids is not repeated.'
  return message
}

function causeOf({ kind, status }: EventSourceErrorEvent): string {
  if (kind === 'http') return `The server answered ${status}`
  if (kind === 'end' || kind === 'truncated') return 'The server ended the stream'
  if (kind === 'timeout') return 'Nothing came for too long'
  return 'The connection broke'
}
