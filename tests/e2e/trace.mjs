/**
 * Runs in the page: drives one source of either class and records what a page can observe of it, so that two
 * recordings can be compared.
 */

const recordings = new Map()

/** The class under test and its oracle. Ours is imported when asked for, so that the oracle runs without it. */
export async function classOf(side) {
  if (side === 'native') return globalThis.EventSource
  return (await import('eventsource-wasm')).EventSource
}

/**
 * Constructs a source and records its events under `id`. `types` are the message types to listen to besides the
 * three of the interface; `act(event, source)` runs in the listener after each recorded event.
 */
export async function start(id, side, url, init, types, act) {
  const Class = await classOf(side)
  recordings.set(id, new Recording(new Class(url, init), types, act))
}

export function recordingOf(id) {
  return recordings.get(id)
}

class Recording {
  events = []
  errors = []
  #waiting = []

  constructor(source, types, act) {
    this.source = source
    this.constructed = { readyState: source.readyState, withCredentials: source.withCredentials, url: source.url }
    for (const type of new Set(['open', 'message', 'error', ...types])) {
      source.addEventListener(type, (event) => {
        this.#record(event)
        act?.(event, source)
      })
    }
  }

  /** Resolves when `count` events of the types have been recorded. */
  until(types, count) {
    if (this.#count(types) >= count) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ types, count, resolve }))
  }

  close() {
    this.source.close()
    this.closed = { readyState: this.source.readyState }
  }

  /** The whole recording, read after a round trip to the server: a late event would have arrived by then. */
  async read() {
    await roundTrip()
    const { constructed, events, closed } = this
    return { constructed, events, closed }
  }

  #record(event) {
    const { type, data, lastEventId, origin } = event
    const isMessage = event instanceof MessageEvent
    this.events.push({ type, readyState: this.source.readyState, ...(isMessage && { data, lastEventId, origin }) })
    if (type === 'error' && !isMessage) this.errors.push(detailsOf(event))
    const arrived = this.#waiting.filter((waiting) => this.#count(waiting.types) >= waiting.count)
    this.#waiting = this.#waiting.filter((waiting) => !arrived.includes(waiting))
    for (const { resolve } of arrived) resolve()
  }

  #count(types) {
    return this.events.filter(({ type }) => types.includes(type)).length
  }
}

/** The extra members of our `error` event. */
function detailsOf({ kind, status, attempt, willReconnect, delayMs, cause, message }) {
  // JSON has no Infinity.
  const told = delayMs === Infinity ? 'Infinity' : delayMs
  return { kind, status, attempt, willReconnect, delayMs: told, cause: cause && String(cause), message }
}

/** Lets every task run that the page or its network process had queued before. */
async function roundTrip() {
  await fetch('/page', { cache: 'no-store' }).then((response) => response.text())
  await new Promise((resolve) => setTimeout(resolve))
}
