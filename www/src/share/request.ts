import type { EventSourceInit } from '../types.js'

/** The query parameter of `resume: 'query'`. */
const PARAMETER = /([?&])lastEventId=([^&]*)&?/

/** Keeps apart members of versions with different protocols. */
const PROTOCOL = 'eventsource-wasm/share 3'

/** A request that other members can make, too. */
export interface ShareableRequest {
  readonly url: string
  readonly init: RequestInit
  readonly headers: Headers
  /** One character per byte. */
  readonly lastEventId: string
  readonly resume: 'header' | 'query'
}

/** `undefined` if only the tab that was called with it can make it. */
export function shareable(input: RequestInfo | URL, init: RequestInit, resume: EventSourceInit['resume']): ShareableRequest | undefined {
  const isRequest = typeof input !== 'string' && !(input instanceof URL)
  if (isRequest || init.body && typeof init.body !== 'string' || resume !== 'header' && resume !== 'query') return undefined
  const address = new URL(input, globalThis.document?.baseURI ?? globalThis.location?.href)
  address.hash = ''
  let url = address.href
  const headers = new Headers(init.headers)
  let lastEventId = headers.get('last-event-id') ?? ''
  headers.delete('last-event-id')
  if (resume === 'query') {
    lastEventId = unescape(PARAMETER.exec(url)?.[2]?.replaceAll('+', ' ') ?? '')
    url = url.replace(PARAMETER, '$1').replace(/[?&]+$/, '')
  }
  return { url, init, headers, lastEventId, resume }
}

/** The `fetch` arguments of a request that resumes after the ID. */
export function resumed({ url, init, headers, resume }: ShareableRequest, lastEventId: string, signal: AbortSignal): [string, RequestInit] {
  const sent = Object.fromEntries(headers)
  if (lastEventId !== '') {
    if (resume === 'header') sent['last-event-id'] = lastEventId
    else url += `${url.includes('?') ? '&' : '?'}lastEventId=${escape(lastEventId).replaceAll('+', '%2B')}`
  }
  return [url, { ...init, headers: sent, signal }]
}

/**
 * The names of the channel and of the lock of the group that shares the request. They do not reveal the key or
 * authentication headers, and cannot be made without them; nor does the lock, which all pages of the origin can list,
 * reveal the channel.
 */
export async function groupNames(key: string, { url, init, headers }: ShareableRequest): Promise<{ channel: string, lock: string }> {
  const { method = 'GET', credentials = '', body = '' } = init
  const text = JSON.stringify([PROTOCOL, key, url, method.toUpperCase(), credentials, Array.from(headers), body])
  const channel = await hash(text)
  return { channel, lock: await hash(channel) }
}

async function hash(text: string): Promise<string> {
  return String(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
