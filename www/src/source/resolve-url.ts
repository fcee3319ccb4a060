/**
 * Resolves `url` as the constructor of HTML 9.2.2 does: against the document's base URL or the worker's location.
 *
 * @throws `SyntaxError` `DOMException`
 */
export function resolveUrl(url: string): URL {
  const { document, location } = globalThis as { document?: Document, location?: Location }
  const resolved = parse(url, document?.baseURI ?? location?.href)
  if (resolved === undefined || hasForbiddenHost(resolved)) {
    throw new DOMException(`Cannot open an EventSource to '${url}': the URL is invalid`, 'SyntaxError')
  }
  return resolved
}

/** The origin of the response's URL, or else of the requested one. */
export function originOf(answered: string, requested: URL): string {
  const isOther = answered !== '' && answered !== requested.href
  return ((isOther && parse(answered, requested.href)) || requested).origin
}

function parse(url: string, base: string | undefined): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

/** Checks for forbidden domain code points, which not every engine's URL parser rejects. */
function hasForbiddenHost({ protocol, hostname }: URL): boolean {
  return /^https?:$/.test(protocol) && /[ %]/.test(hostname)
}
