import { once } from 'node:events'
import http from 'node:http'
import { Endpoint } from '../e2e/endpoint.mjs'

/** A server of one endpoint that can stop listening, so that connections are refused, and come back on its port. */
export class RestartableServer {
  #replies
  #cors
  #http
  #port = 0

  constructor(replies, cors) {
    this.#replies = replies
    this.#cors = cors
  }

  async start() {
    this.#http = http.createServer((request, response) => this.endpoint.receive(request, response))
    this.#http.listen(this.#port, '127.0.0.1')
    await once(this.#http, 'listening')
    this.#port = this.#http.address().port
    this.endpoint ??= new Endpoint(`http://127.0.0.1:${this.#port}/`, this.#replies, { cors: this.#cors })
  }

  async stop() {
    const closed = once(this.#http, 'close')
    this.#http.close()
    this.#http.closeAllConnections()
    await closed
  }
}
