type Abort = () => void

const followers = /* @__PURE__ */ new WeakMap<AbortSignal, Set<Abort>>()

/**
 * Calls `abort` when `signal` is aborted, until the function is called that is returned. A signal has one listener,
 * however many sources and listeners follow it: Node warns of more than ten. It may be of another realm, or what a library made.
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

/** @throws `TypeError` if it is none that the platform takes, whichever realm it is of. */
export function isAborted(signal: AbortSignal): boolean {
  try {
    return Reflect.get(AbortSignal.prototype, 'aborted', signal) as boolean
  } catch {
    // Node takes whatever looks like one.
    new EventTarget().addEventListener('abort', () => {}, { signal })
    return signal.aborted
  }
}
