import { call } from './platform/call.js'
import type { Role } from './share/member.js'
import { groupName, shareable } from './share/request.js'
import { Tab } from './share/tab.js'
import type { EventSourceInit } from './types.js'

export type { Role }

export interface SharedFetchOptions {
  /** Says who is logged in: tabs share only what they ask for with the same key. */
  key: string
  /** Bytes of the stream that every tab keeps for others to resume from. Default 262,144, at least 4096. */
  replayBytes?: number
  /** Silence after which the tab with the connection is asked for a sign of life, and replaced within as long again. Default 5000. */
  pingMs?: number
  /** How the server is told the last event ID, if not by the class, which says so itself. Default `"header"`. */
  resume?: 'header' | 'query'
  /** Makes the requests. Default `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch
  /** Told what this tab is in every stream that it shares, whenever that changes. */
  onRole?: (role: Role, url: string) => void
}

/** What the class says of its requests to a `fetch` that is given to it. */
type SourceRequest = RequestInit & { readonly resume?: EventSourceInit['resume'] }

const MIN_REPLAY_BYTES = 4096

/**
 * A `fetch` for event streams that lets all tabs with the same request have one connection. When the tab with the
 * connection goes, another one goes on by the last event ID, and nobody's response ends. Where tabs cannot talk to each
 * other, for bodies other than text, and for sources that resume by a function, it is `fetch` alone.
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
}: SharedFetchOptions): typeof globalThis.fetch {
  if (typeof key !== 'string' || key === '') throw new TypeError('sharedFetch needs a key that says who is logged in')
  const settings = { replayBytes: Math.max(replayBytes, MIN_REPLAY_BYTES), pingMs, fetch }
  return async (input, init = {}) => {
    const { resume = defaultResume } = init as SourceRequest
    const request = canShare() ? shareable(input, init, resume) : undefined
    const changed = (role: Role): void => { if (onRole !== undefined) call(onRole, role, request?.url ?? String(input)) }
    if (request === undefined) {
      changed('alone')
      return fetch(input, init)
    }
    const name = await groupName(key, request)
    init.signal?.throwIfAborted()
    return new Tab({ ...settings, name, request, changed }).response
  }
}

/** Not outside secure contexts, and not in old browsers. */
function canShare(): boolean {
  return Boolean(globalThis.navigator?.locks && globalThis.BroadcastChannel && globalThis.crypto?.subtle)
}
