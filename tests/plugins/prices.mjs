import { setTimeout as pause } from 'node:timers/promises'

/** How many prices a server sends, and after which one it cuts the connection. */
export const TOTAL = 6
const CUT_AFTER = 3
const INTERVAL_MS = 20

/** Prices from 1 on. The first connection that has told three of them is cut off, without an end. */
export class Prices {
  /** The latest price sent to anyone. */
  last = 0
  #isCut = false

  /** The prices after `after`, by default those that nobody was told of, each when it is time to write it to `response`. */
  async *numbers(after = this.last, response) {
    for (let price = after + 1; price <= TOTAL && !response.destroyed; price += 1) {
      await pause(INTERVAL_MS)
      this.last = price
      yield price
      if (price !== CUT_AFTER || this.#isCut) continue
      this.#isCut = true
      // What was written goes out first.
      await pause(INTERVAL_MS)
      response.destroy()
    }
    // The stream stays open.
    await new Promise((resolve) => response.once('close', resolve))
  }

  /** Writes them by what `write` makes of each. */
  async tell(response, write, after) {
    for await (const price of this.numbers(after, response)) response.write(write(price))
  }
}

/** Answers with an event stream that asks to reconnect soon. */
export function openStream(response, first = '') {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write(`retry: 100\n\n${first}`)
}

export function json(response, value, headers = {}) {
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

/** Numbered events of a type, which go on after the last event ID. */
export const numbered = (type, data) => (request, response, prices) => {
  openStream(response)
  const after = Number(request.headers['last-event-id'] ?? 0)
  return prices.tell(response, (price) => `event: ${type}\nid: ${price}\ndata: ${data(price)}\n\n`, after)
}
