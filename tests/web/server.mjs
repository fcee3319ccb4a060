// The server that the tests of the Rust API talk to. Their pages are of another origin, so it speaks CORS.
import http from 'node:http'
import { Endpoint, hold, reply, silence, stream } from '../e2e/endpoint.mjs'

const CORS = { origin: '*', headers: '*' }

/** More than sockets and browsers hold between a server and a reader. */
const FLOOD_CHUNKS = 1000
const FLOOD_CHUNK = `data: ${'x'.repeat(64 * 1024)}\n\n`

async function flood(exchange) {
  // Without no-store, Chromium reads ahead whatever the page does, to have the response for its cache.
  exchange.head(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  exchange.written = 0
  while (exchange.written < FLOOD_CHUNKS) {
    await exchange.write(FLOOD_CHUNK)
    exchange.written += 1
  }
  exchange.end()
}

/** What the requests of a test are answered with, one after the other; see `Endpoint`. */
const scenarios = {
  quiet: [hold()],
  message: [hold('data: a\n\n')],
  'two-connections': [hold('retry: 100\nid: 7\ndata: a\n\ndata: lost'), hold('data: b\n\n')],
  'id-of-a-few-bytes': [hold('retry: 100\nid: ü豆\ndata: a\n\n'), hold('data: b\n\n')],
  'one-message': [stream('data: a\n\n')],
  unavailable: [reply(503, { 'retry-after': '1', 'access-control-expose-headers': 'retry-after' }), hold('data: a\n\n')],
  'silent-once': [silence, hold('data: a\n\n')],
  silent: [silence],
  'not-found': [reply(404)],
  unauthorized: [reply(401, { 'content-type': 'text/event-stream' }, 'data: a\n\n')],
  html: [reply(200, { 'content-type': 'text/html' }, 'data: a\n\n')],
  'no-content': [],
  flood: [flood],
}

/** Resolves when nothing more was written for a while. */
async function stuck(exchange) {
  for (let before = -1; before !== exchange.written;) {
    before = exchange.written
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  return { written: exchange.written, of: FLOOD_CHUNKS }
}

/** What a test can ask about request `n` of its endpoint; the answer comes when it has arrived. */
const questions = {
  request: ({ request: { method, headers, lastEventId = '', body, arrivedAt } }) =>
    ({ method, headers, lastEventId, body: body.toString(), arrivedAt }),
  closed: ({ closed }) => closed,
  cut: (exchange) => {
    exchange.cut()
    return {}
  },
  stuck,
}

/**
 * Serves `/new/<scenario>`, which answers with the address of an endpoint of its own, `/<endpoint>`, and
 * `/<endpoint>/<n>/<question>`. `/new/<scenario>?private` is one that allows no other origin.
 */
export async function start() {
  const endpoints = []
  const answer = async ({ pathname, search, origin }) => {
    const [first, second, question] = pathname.slice(1).split('/')
    if (first !== 'new') return questions[question](await endpoints[first].exchange(Number(second)))
    const url = `${origin}/${endpoints.length}`
    endpoints.push(new Endpoint(url, scenarios[second], search === '?private' ? {} : { cors: CORS }))
    return { url }
  }
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, `http://${request.headers.host}`)
    const path = url.pathname.slice(1)
    // The pages of wasm-bindgen-test get no response without it that CORS does not allow.
    response.setHeader('cross-origin-resource-policy', 'cross-origin')
    if (path in endpoints) return endpoints[path].receive(request, response)
    response.setHeader('access-control-allow-origin', '*')
    try {
      response.end(JSON.stringify(await answer(url)))
    } catch (error) {
      response.writeHead(500).end(error.stack)
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
