/** The query parameter of `resume: 'query'`. */
const PARAMETER = /([?&])lastEventId=([^&#]*)&?/

/** Members of another version speak another language. */
const PROTOCOL = 'eventsource-wasm/share 1'

/** A request that others may make, too. */
export interface ShareableRequest {
  readonly url: string
  readonly init: RequestInit
  readonly headers: Headers
  /** One character per byte. */
  readonly lastEventId: string
  readonly resume: 'header' | 'query'
}

/** `undefined` where it can only be made by who was called with it. */
export function shareable(input: RequestInfo | URL, init: RequestInit, resume: 'header' | 'query'): ShareableRequest | undefined {
  const isRequest = typeof input !== 'string' && !(input instanceof URL)
  if (isRequest || init.body && typeof init.body !== 'string') return undefined
  const { href } = new URL(input, globalThis.document?.baseURI ?? globalThis.location?.href)
  const headers = new Headers(init.headers)
  let lastEventId = headers.get('last-event-id') ?? ''
  headers.delete('last-event-id')
  if (resume === 'header') return { url: href, init, headers, lastEventId, resume }
  lastEventId = unescape(PARAMETER.exec(href)?.[2]?.replaceAll('+', ' ') ?? '')
  return { url: href.replace(PARAMETER, '$1').replace(/[?&]$/, ''), init, headers, lastEventId, resume }
}

/** The arguments for `fetch` of a request that goes on after the ID. */
export function resumed({ url, init, headers, resume }: ShareableRequest, lastEventId: string, signal: AbortSignal): [string, RequestInit] {
  const sent = Object.fromEntries(headers)
  if (lastEventId !== '') {
    if (resume === 'header') sent['last-event-id'] = lastEventId
    else {
      const [address = '', fragment] = url.split('#')
      const separator = address.includes('?') ? '&' : '?'
      url = `${address}${separator}lastEventId=${escape(lastEventId).replaceAll('+', '%2B')}${fragment === undefined ? '' : `#${fragment}`}`
    }
  }
  return [url, { ...init, headers: sent, signal }]
}

/**
 * The name of the group that shares the request. It gives away nothing of the key and of headers that authenticate, and
 * nobody who lacks them can make it.
 */
export async function groupName(key: string, { url, init, headers }: ShareableRequest): Promise<string> {
  const { method = 'GET', credentials = '', body = '' } = init
  const text = JSON.stringify([PROTOCOL, key, url, method.toUpperCase(), credentials, Array.from(headers), body])
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
