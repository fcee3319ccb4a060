import { isCrossOrigin } from './cross-origin.js'
import { resumingUrl } from './resume.js'
import type { Attempt, EventSourceInit } from '../types.js'

/** The request that the driver sends, after it has added what depends on the state of the source. */
export interface AttemptRequest {
  url: string
  init: RequestInit & { headers: Headers }
  /** The server is told the last event ID in another way than by the header. */
  resumes: boolean
}

/** Whether the body of `init` is gone once it was sent. */
export function hasOneShotBody({ body }: EventSourceInit): boolean {
  return isStream(body)
}

/** Whether `fetch` can ever get a response. It takes no URL with credentials. */
export function isFetchable(url: string): boolean {
  const { protocol, username, password } = new URL(url)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

/** Whether the server must allow this origin to read its response. */
export function needsCors(url: string, { mode = 'cors' }: EventSourceInit): boolean {
  return mode === 'cors' && isCrossOrigin(url)
}

/** Throws what `fetch` would reject with for ever, as far as it can be known before the first attempt. */
export function validate(init: EventSourceInit): void {
  const { headers, body, credentials, method, mode, priority, redirect, referrer, referrerPolicy } = init
  const given = { headers: ifFixed(headers), body: isStream(body) ? undefined : ifFixed(body) }
  const fixed = { ...given, credentials, method, mode, priority, redirect, referrer, referrerPolicy }
  new Request('data:,', withoutUndefined(fixed))
}

/** Makes the request of one attempt. */
export async function attemptRequest(
  url: string,
  withCredentials: boolean,
  init: EventSourceInit,
  attempt: Attempt,
): Promise<AttemptRequest> {
  const { integrity, keepalive, method, mode, priority, redirect, referrer, referrerPolicy } = init
  const [headers, body] = await Promise.all([forAttempt(init.headers, attempt), forAttempt(init.body, attempt)])
  const request = {
    method, body, integrity, keepalive, mode, priority, redirect, referrer, referrerPolicy,
    // [spec] Let corsAttributeState be Anonymous, or Use Credentials if withCredentials is true.
    credentials: init.credentials ?? (withCredentials ? 'include' : 'same-origin'),
    headers: new Headers(headers),
    duplex: isStream(body) ? 'half' : undefined,
  }
  const { resume = 'header' } = init
  const resumes = resume !== 'header' && attempt.lastEventId !== ''
  if (resumes) url = await resumingUrl(resume, url, request.headers, attempt.lastEventId)
  return { url, init: withoutUndefined(request), resumes }
}

/**
 * The user's `fetch`, with what the platform's does by itself: a response that comes too late is cancelled. Its headers
 * are a plain object, because `{ ...init.headers, … }` would lose those of a `Headers`, the last event ID among them.
 */
export function customFetch(fetch: NonNullable<EventSourceInit['fetch']>) {
  return async (url: string, init: RequestInit & { headers: Headers; signal: AbortSignal }): Promise<Response> => {
    const response = await fetch(url, { ...init, headers: Object.fromEntries(init.headers) })
    if (init.signal.aborted) response.body?.cancel().catch(() => {})
    return response
  }
}

type PerAttempt<T> = T | ((attempt: Attempt) => T | PromiseLike<T>)

async function forAttempt<T>(value: PerAttempt<T>, attempt: Attempt): Promise<T> {
  return typeof value === 'function' ? (value as (attempt: Attempt) => T)(attempt) : value
}

function ifFixed<T>(value: PerAttempt<T>): T | undefined {
  return typeof value === 'function' ? undefined : value as T
}

function isStream(body: unknown): body is ReadableStream {
  return body instanceof ReadableStream
}

/**
 * `fetch` takes an option that is `undefined` for one that is absent, the type of its init does not. It would also
 * take what was put on `Object.prototype`.
 */
function withoutUndefined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.assign(Object.create(null), Object.fromEntries(given)) as ReturnType<typeof withoutUndefined<T>>
}
