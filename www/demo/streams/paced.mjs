import { pause } from './pause.mjs'

/** Timers are no finer than this, so faster streams send several events at once. */
const SHORTEST_PAUSE_MS = 8

/** A reader that falls further behind than this skips what it missed. */
const MOST_BEHIND_MS = 1000

export const MAX_RATE = 20_000

/** Numbered events, `rate` of them a second, from the number `first` on. `text(number)` is one of them. */
export async function* paced(rate, first, text) {
  let number = first
  let dueAt = performance.now()
  for (;;) {
    const now = performance.now()
    dueAt = Math.max(dueAt, now - MOST_BEHIND_MS)
    let due = ''
    for (; dueAt <= now; dueAt += 1000 / rate) {
      due += text(number)
      number += 1
    }
    yield due
    await pause(Math.max(SHORTEST_PAUSE_MS, dueAt - performance.now()))
  }
}
