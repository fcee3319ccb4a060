import type { EventSourceErrorEvent } from 'eventsource-wasm'

/** What an `error` event means, for a reader of the page. */
export function explain({ kind, status, message, willReconnect }: EventSourceErrorEvent, lastEventId: string): string {
  if (willReconnect) {
    const cause = kind === 'end' ? 'The server ended the stream' : 'The connection broke'
    return lastEventId ? `${cause}. It asks again for what comes after ${lastEventId}.` : `${cause}. It asks again.`
  }
  if (kind === 'http') return `The server answered ${status}. Any status but 200 is final, as in the standard class.`
  if (kind === 'end') return 'The server ended the stream. A POST is not repeated after a clean end.'
  return message
}
