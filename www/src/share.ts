import { call } from './platform/call.js'
import type { Role } from './share/member.js'
import { groupNames, shareable } from './share/request.js'
import { Tab } from './share/tab.js'
import type { EventSourceInit } from './types.js'

export type { Role }

export interface SharedFetchOptions {
  /** Identifies the logged-in user: only tabs with the same key share a connection. */
  key: string
  /** Bytes of the stream that each tab keeps for others to resume from. Default 262,144, at least 65,536. */
  replayBytes?: number
  /** Milliseconds of silence before the leading tab is pinged; it is replaced within as long again. Default 5000. */
  pingMs?: number
  /** How to send the last event ID when the caller is not the class, which specifies it itself. Default `"header"`. */
  resume?: 'header' | 'query'
  /** Makes the requests. Default `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch
  /** Called when the role of this tab in a shared stream changes. */
  onRole?: (role: Role, url: string) => void
}

/** The init that the class passes to a custom `fetch`. */
type SourceRequest = RequestInit & { readonly resume?: EventSourceInit['resume'] }

/** With less, the acknowledgements of many tabs would look like a stream that they do not read. */
const MIN_REPLAY_BYTES = 65_536

/**
 * A `fetch` for event streams that lets all tabs with the same request share one connection. When the tab with the
 * connection goes away, another resumes by the last event ID, and no response ends. It falls back to plain `fetch` where
 * tabs cannot communicate, for bodies other than text, and for sources with a `resume` function.
 *
 * @throws `TypeError` if an option is invalid or unknown.
 *
 * @example
 * new EventSource('/feed', { fetch: sharedFetch({ key: user.id }) })
 */
export function sharedFetch({
  key,
  replayBytes = 262_144,
  pingMs = 5000,
  resume: defaultResume = 'header',
  fetch = (...request) => globalThis.fetch(...request),
  onRole,
  ...unknown
}: SharedFetchOptions): typeof globalThis.fetch {
  const isValid: Record<string, boolean> = {
    key: typeof key === 'string' && key !== '',
    replayBytes: isAmount(replayBytes),
    pingMs: isAmount(pingMs),
    resume: defaultResume === 'header' || defaultResume === 'query',
    fetch: typeof fetch === 'function',
    onRole: typeof (onRole ?? call) === 'function',
  }
  const wrong = Object.keys({ ...isValid, ...unknown }).find((name) => !isValid[name])
  if (wrong !== undefined) throw new TypeError(`sharedFetch: invalid ${wrong}`)
  const settings = { replayBytes: Math.max(replayBytes, MIN_REPLAY_BYTES), pingMs, fetch }
  return async (input, given) => {
    const init: SourceRequest = given ?? {}
    const { resume = defaultResume } = init
    const request = canShare() ? shareable(input, init, resume) : undefined
    const changed = (role: Role): void => { if (onRole !== undefined) call(onRole, role, request?.url ?? (input as Request).url ?? String(input)) }
    if (request === undefined) {
      changed('alone')
      return fetch(input, init)
    }
    const names = await groupNames(key, request)
    init.signal?.throwIfAborted()
    return new Tab({ ...settings, ...names, request, changed }).response
  }
}

/** More would overflow a timer. */
function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value < 2 ** 31
}

/** Not outside secure contexts, and not in old browsers. */
function canShare(): boolean {
  return Boolean(globalThis.navigator?.locks && globalThis.BroadcastChannel && globalThis.crypto?.subtle)
}
