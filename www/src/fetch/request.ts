import type { EventSourceInit } from '../types.js'

/** The arguments of `fetch`, for a source that may have to repeat the request. */
export interface Sent {
  readonly url: string | URL
  /** Members that a source has no option for, or another default. */
  readonly rest: RequestInit
  readonly source: Pick<EventSourceInit, 'method' | 'headers' | 'body' | 'signal' | 'lastEventId'>
}

/** Stands for the base URL that a custom `fetch` has where the platform has none, as on a server. */
export const NOWHERE = 'http://a.invalid'

/** Call it before the request is sent, which consumes its body. */
export function sentRequest(input: RequestInfo | URL, init: RequestInit | null | undefined): Sent {
  const request = (input as Partial<Request>).url ? input as Request : undefined
  const members = { ...init } as Record<string, unknown>
  // Spreading a `Request` would miss its getters. `fetch` ignores its methods.
  for (const name in request) if (members[name] === undefined) members[name] = (request as unknown as typeof members)[name]
  const { method, headers: sent, signal, body: _, ...rest } = members as RequestInit
  const body = init?.body ?? (request && bodyOf(request))
  const url = request?.url ?? `${input}`
  const headers = new Headers(sent)
  const lastEventId = textOf(headers.get('last-event-id') ?? '')
  headers.delete('last-event-id')
  return { url: globalThis.location ? url : new URL(url, NOWHERE), rest, source: { method, headers, body, signal, lastEventId } }
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
