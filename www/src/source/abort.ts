type Abort = () => void

const followers = new WeakMap<AbortSignal, Set<Abort>>()

/**
 * Calls `abort` when `signal` is aborted, until the function is called that is returned. A signal has one listener,
 * however many sources follow it: Node warns of more than ten. It may be of another realm, or what a library made.
 */
export function follow(signal: AbortSignal, abort: Abort): () => void {
  const all = followers.get(signal) ?? listen(signal)
  all.add(abort)
  return () => { all.delete(abort) }
}

function listen(signal: AbortSignal): Set<Abort> {
  const all = new Set<Abort>()
  followers.set(signal, all)
  signal.addEventListener('abort', () => { for (const abort of Array.from(all)) abort() })
  return all
}

/** What `signal` was aborted for. Old signals do not say. */
export function reasonOfAbort({ reason }: AbortSignal): unknown {
  return reason ?? new DOMException('The signal was aborted', 'AbortError')
}
