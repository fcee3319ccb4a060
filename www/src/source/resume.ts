import type { AttemptRequest, End } from '../driver/owner.js'
import type { EventSourceInit, ResumeRequest } from '../types.js'
import { encode } from '../wasm/text.js'
import { isCrossOrigin } from './cross-origin.js'
import { isSafe } from './method.js'

type Resume = NonNullable<EventSourceInit['resume']>

/** The query parameter of `resume: 'query'`. */
const PARAMETER = 'lastEventId'

/** The state of the stream when it is resumed. */
export interface Resumption extends Pick<ResumeRequest, 'lastEventId' | 'lastMessage' | 'responseHeaders'> {
  /** Something was delivered, or there is a last event ID. */
  readonly isResuming: boolean
}

/** The request that resumes the stream and sends the last event ID. */
export function resuming(
  resume: Resume = 'header',
  url: string,
  init: AttemptRequest['init'],
  known: Resumption,
): AttemptRequest | Promise<AttemptRequest> {
  const { lastEventId } = known
  if (typeof resume === 'function') return known.isResuming ? changedBy(resume, url, init, known) : { url, init }
  if (lastEventId === '') return { url, init }
  if (resume === 'query') return { url: withParameter(url, lastEventId), init }
  ;(init.headers as Headers).set('last-event-id', byteString(lastEventId))
  return { url, init }
}

async function changedBy(
  resume: Exclude<Resume, string>,
  text: string,
  init: AttemptRequest['init'],
  { lastEventId, lastMessage, responseHeaders }: Resumption,
): Promise<AttemptRequest> {
  const { method = 'GET', body } = init
  const request = { url: new URL(text), headers: init.headers as Headers, method, body, lastEventId, lastMessage, responseHeaders }
  await resume(request)
  const { url, headers } = request
  const isOther = request.method !== method || request.body !== body
  const other = isOther ? { ...init, method: request.method, body: request.body ?? null } : init
  return { url: url.href, init: { ...other, headers }, isSafe: isOther && isSafe(request) }
}

/** `url` with the parameter set. `searchParams` would re-encode the others, and some URLs are signed. */
function withParameter(url: string, lastEventId: string): string {
  const [, before, query, fragment] = /^([^?#]*)\??([^#]*)(.*)$/s.exec(url) as unknown as [string, string, string, string]
  const others = query.split('&').filter((part) => !new URLSearchParams(part).has(PARAMETER))
  const isAlone = others.join('') === '' && others.length < 2
  const parameter = new URLSearchParams({ [PARAMETER]: lastEventId })
  return `${before}?${isAlone ? '' : `${others.join('&')}&`}${parameter}${fragment}`
}

/**
 * The UTF-8 bytes of `value`, one per character: `fetch` takes header values as byte strings.
 *
 * [spec] Set (`Last-Event-ID`, lastEventIDValue) in request's header list, where that is the last event ID string, encoded
 * as UTF-8.
 */
function byteString(value: string): string {
  return Array.from(encode(value), (byte) => String.fromCharCode(byte)).join('')
}

/**
 * A hint for when a cross-origin server accepted the first request but not the resuming one: unlike the native class,
 * `fetch` sends a preflight for the header.
 */
export function resumeHint({ kind, response }: End, url: string, lastEventId: string, { resume = 'header' }: EventSourceInit): string {
  const isRefused = (kind === 'network' || kind === 'cors') && response === undefined && lastEventId !== '' && resume === 'header'
  if (!isRefused || !isCrossOrigin(new URL(url))) return ''
  return '. If the first connection worked: does the server allow the header Last-Event-ID across origins? See the option `resume`'
}
