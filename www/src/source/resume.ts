import { isCrossOrigin } from './cross-origin.js'
import type { End } from './error-details.js'
import type { EventSourceInit } from '../types.js'

type Resume = NonNullable<EventSourceInit['resume']>

/** The query parameter of `resume: 'query'`. */
const PARAMETER = 'lastEventId'

/** The URL that tells the server the last event ID; headers are changed in place. */
export async function resumingUrl(resume: Exclude<Resume, 'header'>, text: string, headers: Headers, lastEventId: string): Promise<string> {
  const url = new URL(text)
  if (typeof resume === 'function') await resume({ url, headers, lastEventId })
  else url.searchParams.set(PARAMETER, lastEventId)
  return url.href
}

/**
 * What to try when a server of another origin took the first request and not the one that resumes: unlike the native
 * class, `fetch` asks it whether the header is allowed.
 */
export function resumeHint({ kind, response }: End, url: string, lastEventId: string, { resume = 'header' }: EventSourceInit): string {
  const isRefused = (kind === 'network' || kind === 'cors') && response === undefined && lastEventId !== '' && resume === 'header'
  if (!isRefused || !isCrossOrigin(url)) return ''
  return '. If the first connection worked: does the server allow the header Last-Event-ID across origins? See the option `resume`'
}
