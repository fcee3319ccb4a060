/** Runs in a page: one source of numbered events, and what it got of them. */
import { EventSource } from 'eventsource-wasm'
import { sharedFetch } from 'eventsource-wasm/share'

const LONG_GAP_MS = 30

const state = { received: 0, last: undefined, lost: 0, doubled: 0, errors: [], opens: 0, at: 0, gaps: [], role: undefined }
const waiting = new Set()

export const read = () => ({ ...state, gaps: state.gaps.splice(0) })
export const role = () => state.role

/** Opens the source. Without `share` it has a connection of its own. */
export function start(url, share, init) {
  const fetch = share && sharedFetch({ ...share, onRole: (role) => { state.role = role } })
  const source = globalThis.source = new EventSource(url, { ...init, ...(share && { fetch }) })
  source.onopen = () => { state.opens += 1 }
  source.onerror = ({ message }) => state.errors.push(message)
  source.onmessage = ({ data }) => {
    const number = Number(data)
    const now = Date.now()
    if (state.last !== undefined) {
      if (number > state.last + 1) state.lost += number - state.last - 1
      if (number <= state.last) state.doubled += 1
      if (now - state.at > LONG_GAP_MS) state.gaps.push([state.at, now])
    }
    state.received += 1
    state.last = Math.max(state.last ?? 0, number)
    state.at = now
    for (const look of waiting) look()
  }
}

/** Resolves when the event with this number has come. */
export function until(number) {
  return new Promise((resolve) => {
    const look = () => {
      if (!(state.last >= number)) return
      waiting.delete(look)
      resolve()
    }
    waiting.add(look)
    look()
  })
}
