import type { LastEventIdStore } from './types.js'

const nowhere: LastEventIdStore = { get: () => null, set: () => {} }

const stores = new Map<string, LastEventIdStore>()

/**
 * Keeps a last event ID in `sessionStorage` over a reload, for the option `store`. There is one store for each name, so
 * it can be called for every rendering. Where there is no page or the page may store nothing, it keeps nothing.
 *
 * It is written when the page is hidden, after which it may end without a word, and taken out when it is seen again. So a
 * tab that is duplicated copies none: it would resume a stream whose earlier events it never saw.
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

/** Not that of a server, which some have: its sessions are not those of its users. */
function pageStorage(): Storage | undefined {
  try {
    return typeof document === 'undefined' ? undefined : sessionStorage
  } catch {
    return undefined
  }
}
