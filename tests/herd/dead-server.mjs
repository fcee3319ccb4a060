import http from 'node:http'
import { once } from 'node:events'

/** A server that takes requests and answers none of them properly. It records which source came when. */
export class DeadServer {
  /** `{ source, at, over }`: which source, when it came, and when its connection was over. */
  arrivals = []
  #http = http.createServer((request, response) => this.#refuse(request, response))

  static async start() {
    const server = new DeadServer()
    server.#http.listen(0, '127.0.0.1', 4096)
    await once(server.#http, 'listening')
    server.url = `http://127.0.0.1:${server.#http.address().port}/`
    return server
  }

  async close() {
    const closed = once(this.#http, 'close')
    this.#http.close()
    this.#http.closeAllConnections()
    await closed
  }

  #refuse({ url, socket }) {
    const arrival = { source: Number(new URL(url, this.url).search.slice(1)), at: performance.now(), over: Infinity }
    this.arrivals.push(arrival)
    socket.once('finish', () => { arrival.over = performance.now() })
    // A connection that merely broke would be tried again by the browser itself.
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n')
  }
}
