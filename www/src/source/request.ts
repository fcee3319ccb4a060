import { Blocked } from '../driver/blocked.js'
import type { AttemptRequest } from '../driver/owner.js'
import { isThenable } from '../platform/thenable.js'
import type { Attempt, EventSourceInit } from '../types.js'
import { isCrossOrigin } from './cross-origin.js'
import { checkedBody, isStream } from './request-body.js'
import { resuming, type Resumption } from './resume.js'

/** Whether the body of `init` can be sent only once. */
export function hasOneShotBody({ body }: EventSourceInit): boolean {
  return isStream(body)
}

/** Whether `fetch` can ever get a response. It rejects URLs with credentials. */
export function isFetchable({ protocol, username, password }: URL): boolean {
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

/** Whether the server must allow this origin to read its response. */
export function needsCors(url: URL, { mode = 'cors' }: EventSourceInit): boolean {
  return mode === 'cors' && isCrossOrigin(url)
}

/** Throws the permanent errors of `fetch` that can be detected before the first attempt. */
export function validate(init: EventSourceInit): void {
  const { headers, body, credentials, method, mode, priority, redirect, referrer, referrerPolicy } = init
  const given = { headers: ifFixed(headers), body: isStream(body) ? undefined : checkedBody(ifFixed(body)) }
  const fixed = withoutUndefined({ ...given, credentials, method, mode, priority, redirect, referrer, referrerPolicy })
  if (Object.keys(fixed).length > 0) new Request('data:,', fixed)
}

/** Makes the request of one attempt, synchronously unless a function of the init is async. */
export function attemptRequest(
  url: string,
  withCredentials: boolean,
  init: EventSourceInit,
  attempt: Attempt,
  known: Omit<Resumption, 'lastEventId' | 'isResuming'>,
): AttemptRequest | Promise<AttemptRequest> {
  const headers = forAttempt(init.headers, attempt)
  const body = forAttempt(init.body, attempt)
  const make = (headers: HeadersInit | undefined, body: BodyInit | null | undefined): AttemptRequest | Promise<AttemptRequest> => {
    const request = requestOf(withCredentials, init, attempt.signal, headers, body)
    const { lastEventId } = attempt
    const isResuming = lastEventId !== '' || known.lastMessage !== undefined
    return resuming(init.resume, url, request, { ...known, lastEventId, isResuming })
  }
  const isLate = isThenable(headers) || isThenable(body)
  return isLate ? Promise.all([headers, body]).then(([headers, body]) => make(headers, body)) : make(headers, body)
}

function requestOf(
  withCredentials: boolean,
  { credentials, integrity, json, keepalive, method, mode, priority, redirect, referrer, referrerPolicy, resume }: EventSourceInit,
  signal: AbortSignal,
  given: HeadersInit | undefined,
  body: BodyInit | null | undefined,
) {
  let headers
  try {
    headers = headersOf(given, json !== undefined)
    checkedBody(body)
  } catch (cause) {
    // A function makes it anew for every attempt.
    throw new Blocked(cause)
  }
  return withoutUndefined({
    method, body, integrity, keepalive, mode, priority, redirect, referrer, referrerPolicy, headers, signal,
    // For a custom `fetch` that resumes by itself.
    resume,
    // [spec] Let corsAttributeState be Anonymous, or Use Credentials if withCredentials is true.
    credentials: credentials ?? (withCredentials ? 'include' : 'same-origin'),
    // [spec] Set request's cache mode to "no-store".
    cache: 'no-store' as const,
    duplex: isStream(body) ? 'half' : undefined,
  })
}

function headersOf(given: HeadersInit | undefined, isJson: boolean): Headers {
  const headers = new Headers(given)
  if (isJson && !headers.has('content-type')) headers.set('content-type', 'application/json')
  // [spec] User agents may set (`Accept`, `text/event-stream`) in request's header list.
  if (!headers.has('accept')) headers.set('accept', 'text/event-stream')
  return headers
}

type PerAttempt<T> = T | ((attempt: Attempt) => T | PromiseLike<T>)

function forAttempt<T>(value: PerAttempt<T>, attempt: Attempt): T | PromiseLike<T> {
  return typeof value === 'function' ? (value as (attempt: Attempt) => T)(attempt) : value
}

function ifFixed<T>(value: PerAttempt<T>): T | undefined {
  return typeof value === 'function' ? undefined : value as T
}

/**
 * `fetch` treats an `undefined` option as absent, but the type of its init does not. It would also read members of a
 * polluted `Object.prototype`.
 */
function withoutUndefined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.assign(Object.create(null), Object.fromEntries(given)) as ReturnType<typeof withoutUndefined<T>>
}
