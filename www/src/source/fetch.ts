import { Blocked } from '../driver/blocked.js'
import { discard } from '../driver/body.js'
import { nextTask } from '../platform/task.js'
import type { EventSourceInit } from '../types.js'
import { MAX_CAUSES } from './reason.js'
import { isStream } from './request-body.js'

type Fetch = typeof globalThis.fetch

/** [spec] Fetch 2.9, bad ports. */
const BAD_PORTS = ' 0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 '
  + '135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 '
  + '1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080 '

/** The platform's `fetch`, which throws {@link Blocked} instead where it will never get a response. */
export const platformFetch: Fetch = async (url, init) => {
  // jsdom has no `fetch`.
  if (typeof fetch === 'undefined') throw new Blocked(new ReferenceError('there is no fetch'))
  return watched(fetch, url as string, init, () => refusal(url as string, init))
}

/**
 * The user's `fetch`, made to cancel late responses as the platform's does. It receives headers as a plain object,
 * because `{ ...init.headers, … }` would lose those of a `Headers`, including the last event ID.
 */
export function customFetch(fetch: NonNullable<EventSourceInit['fetch']>): typeof globalThis.fetch {
  return async (url, init) => {
    const response = await watched(fetch, url as string, { ...init, headers: Object.fromEntries(init?.headers as Headers) })
    if (init?.signal?.aborted) discard(response.body)
    return response
  }
}

/**
 * Calls `fetch`, and throws {@link Blocked} instead if the rejection is permanent: a security policy forbids the request,
 * `undici` cannot send a header value, or `findRefusal` gives a reason.
 */
async function watched(fetch: Fetch, url: string, init: RequestInit | undefined, findRefusal?: () => unknown): Promise<Response> {
  let violated: string | undefined
  const listen = (event: Event): void => {
    const { blockedURI, disposition, effectiveDirective } = event as SecurityPolicyViolationEvent
    const [requested] = url.split('#')
    if (disposition === 'enforce' && (blockedURI === requested || blockedURI === new URL(url).origin)) violated = effectiveDirective
  }
  // Not in jsdom, which rejects Node's signals.
  const page = 'SecurityPolicyViolationEvent' in globalThis ? globalThis : undefined
  // A custom `fetch` may never settle.
  page?.addEventListener('securitypolicyviolation', listen, { __proto__: null, signal: init?.signal } as AddEventListenerOptions)
  try {
    return await fetch(url, init)
  } catch (cause) {
    if (init?.signal?.aborted) throw cause
    // The event may come after that.
    if (page !== undefined) await nextTask()
    if (violated !== undefined) throw new Blocked(new TypeError(`a Content-Security-Policy forbids it, by its ${violated}`, { cause }))
    const refused = isUnsendable(cause) ? cause : findRefusal?.()
    throw refused === undefined ? cause : new Blocked(refused)
  } finally {
    page?.removeEventListener('securitypolicyviolation', listen)
  }
}

/** Whether `undici`, which is Node's `fetch`, refused a header value that others send. */
function isUnsendable(thrown: unknown, depth = MAX_CAUSES): boolean {
  const { code, cause } = Object(thrown) as { code?: unknown, cause?: unknown }
  return code === 'UND_ERR_INVALID_ARG' || (depth > 0 && isUnsendable(cause, depth - 1))
}

/** The reason why the platform's `fetch` can never get a response, as far as we can tell. */
function refusal(url: string, init: RequestInit = {}): unknown {
  const { protocol, port, hostname } = new URL(url)
  if (port !== '' && BAD_PORTS.includes(` ${port} `)) return new TypeError(`the port ${port} is blocked`)
  const { isSecureContext, location } = globalThis as Partial<typeof globalThis>
  const isLocal = /^(.+\.)?localhost$|^127\.|^\[::1\]$/.test(hostname)
  if (protocol === 'http:' && isSecureContext && /^(blob:)?https:/.test(location?.href ?? '') && !isLocal) {
    return new TypeError('a secure page may not request http: (mixed content)')
  }
  try {
    new Request(url, { ...init, body: isStream(init.body) ? '' : init.body ?? null, signal: null })
  } catch (error) {
    return error
  }
}
