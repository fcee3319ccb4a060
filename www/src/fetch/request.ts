import type { EventSourceInit } from '../types.js'

/** The arguments of `fetch`, for a source that may have to repeat the request. */
export interface Sent {
  readonly url: string
  /** Members that a source has no option for, or another default. */
  readonly rest: RequestInit
  readonly source: Pick<EventSourceInit, 'method' | 'headers' | 'body' | 'signal' | 'lastEventId'>
}

/** Call it before the request is sent, which consumes its body. */
export function sentRequest(input: RequestInfo | URL, given: RequestInit = {}): Sent {
  const request = (input as Partial<Request>).url ? input as Request : undefined
  const body = given.body ?? (request && bodyOf(request))
  const { method, headers: sent, signal, body: _, ...rest } = { ...given, ...membersWithout(given, request) }
  const headers = new Headers(sent)
  const lastEventId = textOf(headers.get('last-event-id') ?? '')
  headers.delete('last-event-id')
  return { url: request?.url ?? `${input}`, rest, source: { method, headers, body, signal, lastEventId } }
}

type Members = Record<string, unknown>

/** The members of a `Request` that the init lacks: spreading misses its getters. `fetch` ignores its methods. */
function membersWithout(init: RequestInit, request: Request | undefined): RequestInit {
  const members: Members = {}
  for (const name in request) if ((init as Members)[name] === undefined) members[name] = (request as unknown as Members)[name]
  return members
}

/** Read when the request is repeated. In Firefox a `Request` does not say whether it has a body. */
function bodyOf(request: Request): EventSourceInit['body'] {
  const copy = request.clone()
  let bytes: Promise<ArrayBuffer | null> | undefined
  return () => (bytes ??= copy.arrayBuffer().then((all) => (all.byteLength ? all : null)))
}

/** The header is a byte string: one character for each byte of UTF-8. */
function textOf(byteString: string): string {
  return new TextDecoder().decode(Uint8Array.from(byteString, (character) => character.charCodeAt(0)))
}
