/** The options of a shared `fetch`, in types. Compiled, never run. */
import { EventSource } from 'eventsource-wasm'
import { sharedFetch, type Role, type SharedFetchOptions } from 'eventsource-wasm/share'

new EventSource('/feed', { fetch: sharedFetch({ key: 'a user' }) })
const options: SharedFetchOptions = { key: 'a user', replayBytes: 1 << 20, pingMs: 1000, resume: 'query', fetch: globalThis.fetch }
const roles: Role[] = []
const shared: typeof globalThis.fetch = sharedFetch({ ...options, onRole: (role, url) => roles.push(role) + url.length })
void shared('/feed', { headers: { authorization: 'a token' } })

// @ts-expect-error who is logged in has to be said
sharedFetch({})
// @ts-expect-error a function puts the ID where no other tab knows of
sharedFetch({ key: 'a user', resume: () => {} })
