/** A URL for a log, without the parts that may be private: user, password, query and fragment. */
export function redacted(url: string): string {
  const { protocol, host, pathname, search } = new URL(url)
  return `${host === '' ? protocol : `${protocol}//${host}`}${pathname}${search && '?…'}`
}
