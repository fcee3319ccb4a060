import type { LastEventIdStore } from './types.js'

const nowhere: LastEventIdStore = { get: () => null, set: () => {} }

const stores = new Map<string, LastEventIdStore>()

/**
 * For the option `store`: keeps a last event ID in `sessionStorage` across reloads. There is one store per name, so it
 * can be called on every render. Without a page, or if the page may not store anything, it keeps nothing.
 *
 * The ID is written when the page is hidden, since it may end without notice, and removed when it is visible again. So a
 * duplicated tab copies no ID: it would resume a stream whose earlier events it never saw.
 *
 * @example
 * new EventSource('/feed', { store: sessionStore('feed') })
 */
export function sessionStore(name: string): LastEventIdStore {
  const storage = pageStorage()
  if (storage === undefined) return nowhere
  const store = stores.get(name) ?? storeIn(storage, `eventsource-wasm:${name}`)
  stores.set(name, store)
  return store
}

function storeIn(storage: Storage, key: string): LastEventIdStore {
  let lastEventId = storage.getItem(key)
  let isHidden = false
  const turn = (hides: boolean): void => {
    isHidden = hides
    if (!hides) storage.removeItem(key)
    else if (lastEventId !== null) storage.setItem(key, lastEventId)
  }
  addEventListener('pagehide', () => turn(true))
  addEventListener('pageshow', () => turn(document.visibilityState === 'hidden'))
  document.addEventListener('visibilitychange', () => turn(document.visibilityState === 'hidden'))
  turn(document.visibilityState === 'hidden')
  return {
    get: () => lastEventId,
    set: (id) => {
      lastEventId = id
      if (isHidden) turn(true)
    },
  }
}

/** Not the one that some servers have: its sessions are not those of the users. */
function pageStorage(): Storage | undefined {
  try {
    return typeof document === 'undefined' ? undefined : sessionStorage
  } catch {
    return undefined
  }
}
