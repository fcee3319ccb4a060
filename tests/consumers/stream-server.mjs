import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

/** What a consumer shows when nothing was lost, doubled or out of order. */
export const complete = '1 2 3 4 5 6 7 8 9 10 11 12 hello'

const LAST = 12
const DROP_AFTER = 5

/** Events are this far apart. What had just arrived when the connection broke may be lost with it. */
const PACE_MS = 20

/** Streams numbered events, breaks the first connection after five of them, and echoes what is posted; for any origin. */
export class StreamServer {
  /** How many requests for events there were. */
  requests = 0
  #http = http.createServer((request, response) => this.#answer(request, response))

  static async start() {
    const server = new StreamServer()
    server.#http.listen(0, '127.0.0.1')
    await once(server.#http, 'listening')
    server.origin = `http://127.0.0.1:${server.#http.address().port}`
    return server
  }

  close() {
    const closed = once(this.#http, 'close')
    this.#http.close()
    this.#http.closeAllConnections()
    return closed
  }

  async #answer(request, response) {
    const { method, headers } = request
    response.setHeader('access-control-allow-origin', '*')
    if (method === 'OPTIONS') {
      response.setHeader('access-control-allow-headers', 'last-event-id, content-type')
      return response.end()
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    if (method === 'POST') {
      return response.end(`data: ${await text(request)}\n\nevent: end\ndata\n\n`)
    }
    this.requests += 1
    return this.#stream(response, Number(headers['last-event-id'] ?? 0), this.requests === 1 ? DROP_AFTER : LAST)
  }

  /** It stays open after the last event, so that a duplicate would be seen. */
  async #stream(response, after, last) {
    response.write('retry: 100\n\n')
    for (let id = after + 1; id <= last; id += 1) {
      response.write(`id: ${id}\ndata: ${id}\n\n`)
      await wait(PACE_MS)
    }
    if (last < LAST) response.destroy()
  }
}

/** Calls the function with the URL of a server; what it resolves to has to be all events, although one connection broke, and the echo. */
export async function hearsAll(work) {
  const streams = await StreamServer.start()
  try {
    const heard = (await work(streams.origin)).trim()
    assert.deepEqual({ heard, requests: streams.requests }, { heard: complete, requests: 2 })
  } finally {
    await streams.close()
  }
}
