import type { Role } from '../share.js'
import type { EventSourceInit } from '../types.js'
import type { SourceOptions } from './types.js'

/** With `share`: an init whose requests are shared with other tabs, by a module that is loaded on demand. */
export function sharing({ share, fetch, resume }: SourceOptions, onRole: (role: Role) => void): EventSourceInit {
  if (!share) return {}
  return {
    fetch: async (...request) => {
      const { sharedFetch } = await import('../share.js')
      const how = typeof resume === 'string' ? { resume } : {}
      return sharedFetch({ key: share, onRole, ...how, ...(fetch !== undefined && { fetch }) })(...request)
    },
  }
}
