/** Whether it is a stream of any realm, or anything that the `fetch` of Node or a library accepts as one. */
export function isStream(body: unknown): body is ReadableStream {
  if (typeof body !== 'object' || body === null) return false
  return 'getReader' in body || Symbol.asyncIterator in body || 'pipe' in body
}

/**
 * Rejects unknown objects, which `fetch` would send as text such as `[object Object]`.
 *
 * @throws `TypeError`
 */
export function checkedBody(body: BodyInit | null | undefined): BodyInit | null | undefined {
  const isUnknown = typeof body === 'object' && body !== null && !isStream(body)
    // A `Blob` would have a lowercase type.
    && new Request('data:,', { method: 'POST', body }).headers.get('content-type') === 'text/plain;charset=UTF-8'
  if (!isUnknown) return body
  throw new TypeError('EventSource: body must be text, bytes or a form, not an object: send JSON.stringify(body), or use the option json')
}
