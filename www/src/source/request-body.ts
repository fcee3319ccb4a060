/** Whether it is a stream, of whatever realm, or what Node's `fetch` and those of libraries take for one. */
export function isStream(body: unknown): body is ReadableStream {
  if (typeof body !== 'object' || body === null) return false
  return 'getReader' in body || Symbol.asyncIterator in body || 'pipe' in body
}

/**
 * `fetch` makes text of an object that it does not know, such as `[object Object]`.
 *
 * @throws `TypeError`
 */
export function checkedBody(body: BodyInit | null | undefined): BodyInit | null | undefined {
  const isUnknown = typeof body === 'object' && body !== null && !isStream(body)
    // Of a `Blob`, the type would be in lower case.
    && new Request('data:,', { method: 'POST', body }).headers.get('content-type') === 'text/plain;charset=UTF-8'
  if (!isUnknown) return body
  throw new TypeError('EventSource: body must be text, bytes or a form, not an object: send JSON.stringify(body), or use the option json')
}
