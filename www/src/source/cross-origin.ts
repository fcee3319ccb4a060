/** Whether the origin of `url` differs from that of the page or worker. Always false where there is neither. */
export function isCrossOrigin(url: URL): boolean {
  const { origin } = globalThis as { origin?: string }
  return origin !== undefined && url.origin !== origin
}
