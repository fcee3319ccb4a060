import type { EventSourceInit } from '../types.js'

/** What `fetch` was called with, for a source that may have to make the request again. */
export interface Sent {
  readonly url: string
  readonly init: RequestInit
  readonly source: Pick<EventSourceInit, 'method' | 'headers' | 'body' | 'signal' | 'lastEventId'>
}

/** A `Request` has them where nothing can spread them. */
const MEMBERS = [
  'cache', 'credentials', 'headers', 'integrity', 'keepalive', 'method', 'mode', 'redirect', 'referrer', 'referrerPolicy', 'signal',
] as const

/** To be called before the request is sent, which uses its body up. */
export function sentRequest(input: RequestInfo | URL, given: RequestInit = {}): Sent {
  const request = typeof input === 'object' && 'url' in input ? input : undefined
  const init = request === undefined ? given : { ...given, ...merged(request, given) }
  const { method, signal, body = request && bodyOf(request) } = init
  const headers = new Headers(init.headers)
  const lastEventId = textOf(headers.get('last-event-id') ?? '')
  headers.delete('last-event-id')
  return { url: request?.url ?? `${input}`, init, source: { method, headers, body, signal, lastEventId } }
}

function merged(request: Request, init: RequestInit): RequestInit {
  return Object.fromEntries(MEMBERS.map((name) => [name, init[name] === undefined ? request[name] : init[name]]))
}

function bodyOf(request: Request): EventSourceInit['body'] {
  if (!request.body) return undefined
  const copy = request.clone()
  let bytes: Promise<ArrayBuffer> | undefined
  return () => (bytes ??= copy.arrayBuffer())
}

/** The header is a byte string: one character for each byte of UTF-8. */
function textOf(byteString: string): string {
  return new TextDecoder().decode(Uint8Array.from(byteString, (character) => character.charCodeAt(0)))
}
