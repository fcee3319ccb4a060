/**
 * The relevant parts of the response. It is read once: the response of a custom `fetch` may throw or differ the next
 * time.
 */
export interface Answer {
  readonly status: number
  readonly url: string
  readonly headers: Headers
  readonly contentType: string
  readonly retryAfter: string
  readonly date: string
  /** A stream, or nothing. See {@link Body}. */
  readonly body: unknown
}

/** @throws `TypeError` if `response` is not a response, or any error from its getters. */
export function answerOf(response: Response | undefined): Answer {
  const { status, url, headers, body } = response ?? {}
  const isStatus = Number.isInteger(status) && (status as number) >= 0 && (status as number) < 1000
  if (!isStatus || typeof headers?.get !== 'function') throw new TypeError('fetch has not given a Response')
  const header = (name: string): string => `${headers.get(name) ?? ''}`
  return {
    status: status as number, url: `${url ?? ''}`, headers, body,
    contentType: header('content-type'), retryAfter: header('retry-after'), date: header('date'),
  }
}
