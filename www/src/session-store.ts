import type { LastEventIdStore } from './types.js'

/**
 * Keeps a last event ID in `sessionStorage` over a reload, for the option `store`.
 *
 * It is written when the page goes away and taken out when it comes back. So a tab that is duplicated copies none: it
 * would resume a stream whose earlier events it never saw.
 *
 * @example
 * new EventSource('/feed', { store: sessionStore('feed') })
 */
export function sessionStore(name: string): LastEventIdStore {
  const key = `eventsource-wasm:${name}`
  let lastEventId = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  addEventListener('pagehide', () => {
    if (lastEventId !== null) sessionStorage.setItem(key, lastEventId)
  })
  addEventListener('pageshow', () => sessionStorage.removeItem(key))
  return {
    get: () => lastEventId,
    set: (id) => { lastEventId = id },
  }
}
