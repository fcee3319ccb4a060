/** Whether `url` is of another origin than the page or worker. Where there is none, no URL is. */
export function isCrossOrigin(url: URL): boolean {
  const { origin } = globalThis as { origin?: string }
  return origin !== undefined && url.origin !== origin
}
