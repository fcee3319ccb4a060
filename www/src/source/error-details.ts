import type { Answer } from '../driver/answer.js'
import type { End } from '../driver/owner.js'
import type { ErrorDetails, ErrorKind } from '../types.js'
import { reasonOf } from './reason.js'

const sentences: Record<ErrorKind, (response: Answer | undefined) => string> = {
  network: (response) => (response ? 'the connection broke off' : 'there was no response'),
  cors: () => 'the server does not allow this request from this origin (CORS)',
  end: () => 'the server ended the event stream',
  truncated: () => 'the server ended the event stream before it was complete',
  request: () => 'a function of the init failed',
  timeout: (response) => (response ? 'nothing more arrived in time' : 'no response arrived in time'),
  http: (response) => `the status is ${response?.status}, not 200`,
  mime: (response) => `the content type is ${response?.contentType || 'missing'}, not text/event-stream`,
  limit: () => 'an event is larger than limits.maxEventBytes',
  reconnect: () => 'reconnect() was called',
  blocked: () => 'the request can never succeed here',
  application: () => 'a message reports a failure',
  wasm: () => 'WebAssembly failed',
}

/** No blind replay (RFC 9110 9.2.2). */
const WITHHELD = ', for the server may have carried the request out: `reconnect: { replay: "always" }` allows to repeat it'

/** Describes the end of an attempt. `hint` is what a reader might try. */
export function errorDetails({ kind, delayMs, isWithheld, attempt, response, cause }: End, bodySnippet?: string, hint = ''): ErrorDetails {
  const willReconnect = delayMs >= 0
  const reason = reasonOf(cause)
  return {
    kind,
    message: `${sentences[kind](response)}${reason && ` (${reason})`}; ${outlook(delayMs)}${isWithheld ? WITHHELD : ''}${hint}`,
    status: kind === 'http' || kind === 'mime' ? response?.status : undefined,
    headers: response?.headers,
    bodySnippet,
    attempt,
    willReconnect,
    delayMs: willReconnect ? delayMs : undefined,
    cause,
  }
}

function outlook(delayMs: number): string {
  if (delayMs < 0) return 'closed'
  if (delayMs === Infinity) return 'reconnecting when the network or the page is back'
  return `reconnecting in ${delayMs} ms`
}
