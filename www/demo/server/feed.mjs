import { pricesAt } from './prices.mjs'

/** Ticks kept for clients that come back. */
const CAPACITY = 1024

/**
 * Numbered ticks of all prices at one interval. Numbers begin at the time of day, counted in intervals, so that a feed
 * that starts again does not give out the numbers of before.
 */
class Feed {
  #ring = []
  #newest
  #listeners = new Set()
  #unheard = 0
  #timer

  constructor(intervalMs, onIdle) {
    this.#newest = Math.floor((Date.now() % 86_400_000) / intervalMs)
    this.#timer = setInterval(() => {
      this.#tick()
      if (this.#unheard > CAPACITY) onIdle()
    }, intervalMs)
  }

  /**
   * Calls `listener` with every tick after the number `last` that is still kept, then with every new one; only with new
   * ones when `last` is 0. Returns what ends it.
   */
  listen(last, listener) {
    const first = last === 0 ? this.#newest + 1 : Math.max(last, this.#newest - CAPACITY) + 1
    for (let number = first; number <= this.#newest; number += 1) {
      const tick = this.#ring[number % CAPACITY]
      if (tick) listener(tick)
    }
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  stop() {
    clearInterval(this.#timer)
  }

  #tick() {
    this.#newest += 1
    const time = Date.now()
    const tick = { number: this.#newest, time, prices: pricesAt(time) }
    this.#ring[tick.number % CAPACITY] = tick
    this.#unheard = this.#listeners.size > 0 ? 0 : this.#unheard + 1
    for (const listener of this.#listeners) listener(tick)
  }
}

/** The feeds of one server, one for each interval that somebody asked for. */
export class Feeds {
  #feeds = new Map()

  /** A feed lives until nobody has listened for as long as its ticks are kept. */
  at(intervalMs) {
    const running = this.#feeds.get(intervalMs)
    if (running) return running

    const feed = new Feed(intervalMs, () => {
      feed.stop()
      this.#feeds.delete(intervalMs)
    })
    this.#feeds.set(intervalMs, feed)
    return feed
  }

  stop() {
    for (const feed of this.#feeds.values()) feed.stop()
    this.#feeds.clear()
  }
}
