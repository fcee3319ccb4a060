import { createServer } from 'node:http'
import { after, before } from 'node:test'
import { Endpoint } from '../e2e/endpoint.mjs'

/** All APIs at one origin. A request says by a header which of the endpoints it is for. */
class Apis {
  #endpoints = []
  #http = createServer((request, response) => this.#endpoints[request.headers['x-endpoint']].receive(request, response))

  async start() {
    await new Promise((resolve) => this.#http.listen(0, '127.0.0.1', resolve))
    this.origin = `http://127.0.0.1:${this.#http.address().port}`
  }

  endpoint(...replies) {
    const endpoint = new Endpoint(this.origin, replies)
    endpoint.headers = { 'x-endpoint': `${this.#endpoints.push(endpoint) - 1}` }
    return endpoint
  }

  close() {
    this.#http.close()
    this.#http.closeAllConnections()
  }
}

/** The APIs, where clients look for them, for the tests of a file. */
export function withApis() {
  const apis = new Apis()
  before(async () => {
    await apis.start()
    Object.assign(process.env, { OPENAI_BASE_URL: `${apis.origin}/v1`, OPENAI_API_KEY: 'k', ANTHROPIC_BASE_URL: apis.origin, ANTHROPIC_API_KEY: 'k' })
  })
  after(() => apis.close())
  return apis
}
