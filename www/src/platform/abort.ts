type Abort = () => void

const followers = /* @__PURE__ */ new WeakMap<AbortSignal, Set<Abort>>()

/**
 * Calls `abort` when `signal` is aborted, until the returned function is called. Adds one listener per signal, regardless
 * of its followers: Node warns about more than ten. The signal may come from another realm or a library.
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

/** The reason of an aborted `signal`, with a default for engines whose signals have none. */
export function reasonOfAbort({ reason }: AbortSignal): unknown {
  return reason ?? new DOMException('The signal was aborted', 'AbortError')
}

/** @throws `TypeError` if the platform does not accept it as a signal. It may be of another realm. */
export function isAborted(signal: AbortSignal): boolean {
  try {
    return Reflect.get(AbortSignal.prototype, 'aborted', signal) as boolean
  } catch {
    // Node accepts anything that looks like a signal.
    new EventTarget().addEventListener('abort', () => {}, { signal })
    return signal.aborted
  }
}
