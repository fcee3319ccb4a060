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

/** The origin of the URL that a response says it came from, or of the one that was asked for. */
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

/** Not every engine's URL parser refuses the code points that a domain cannot have. */
function hasForbiddenHost({ protocol, hostname }: URL): boolean {
  return /^https?:$/.test(protocol) && /[ %]/.test(hostname)
}
