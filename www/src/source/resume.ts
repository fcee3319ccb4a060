import type { End } from '../driver/owner.js'
import type { EventSourceInit } from '../types.js'
import { encode } from '../wasm/text.js'
import { isCrossOrigin } from './cross-origin.js'

type Resume = NonNullable<EventSourceInit['resume']>

/** The query parameter of `resume: 'query'`. */
const PARAMETER = 'lastEventId'

/** Tells the server the last event ID: by `headers`, which are changed in place, or by the URL that is returned. */
export function resumingUrl(resume: Resume = 'header', text: string, headers: Headers, lastEventId: string): string | Promise<string> {
  if (resume === 'header') {
    headers.set('last-event-id', byteString(lastEventId))
    return text
  }
  if (resume === 'query') return withParameter(text, lastEventId)
  const url = new URL(text)
  return Promise.resolve(resume({ url, headers, lastEventId })).then(() => url.href)
}

/** `url` with the parameter, instead of one that is there. `searchParams` would write the others anew: some are signed. */
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
 * What to try when a server of another origin took the first request and not the one that resumes: unlike the native
 * class, `fetch` asks it whether the header is allowed.
 */
export function resumeHint({ kind, response }: End, url: string, lastEventId: string, { resume = 'header' }: EventSourceInit): string {
  const isRefused = (kind === 'network' || kind === 'cors') && response === undefined && lastEventId !== '' && resume === 'header'
  if (!isRefused || !isCrossOrigin(new URL(url))) return ''
  return '. If the first connection worked: does the server allow the header Last-Event-ID across origins? See the option `resume`'
}
