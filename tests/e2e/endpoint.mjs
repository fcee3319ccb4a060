/**
 * One URL of a test server. It answers its n-th request with the n-th of its `replies` and whatever comes after the
 * last with 204, which ends an EventSource. All requests are kept, so a test awaits `exchange(n)` instead of sleeping.
 *
 * `cors: { origin, credentials, headers }` adds those headers to every answer and answers preflights, which are kept apart.
 */
export class Endpoint {
  exchanges = []
  preflights = []
  #replies
  #corsHeaders
  #waiting = []

  constructor(url, replies, { cors } = {}) {
    this.url = url
    this.#replies = replies
    this.#corsHeaders = cors ? corsHeaders(cors) : {}
  }

  /** Resolves once request number `index` has arrived, its body included. The first is number 0. */
  exchange(index) {
    if (index < this.exchanges.length) return Promise.resolve(this.exchanges[index])
    return new Promise((resolve) => this.#waiting.push({ index, resolve }))
  }

  get requests() {
    return this.exchanges.map(({ request }) => request)
  }

  async receive(incoming, response) {
    const request = await recorded(incoming)
    for (const [name, value] of Object.entries(this.#corsHeaders)) response.setHeader(name, value)
    if (request.method === 'OPTIONS') {
      this.preflights.push(request)
      response.writeHead(204).end()
      return
    }
    const exchange = new Exchange(request, response)
    const reply = this.#replies[this.exchanges.push(exchange) - 1] ?? noContent
    const arrived = ({ index }) => index < this.exchanges.length
    for (const { index, resolve } of this.#waiting.filter(arrived)) resolve(this.exchanges[index])
    this.#waiting = this.#waiting.filter((waiting) => !arrived(waiting))
    await reply(exchange)
  }
}

/** One request and the means to answer it piece by piece. */
class Exchange {
  #response

  constructor(request, response) {
    this.request = request
    this.#response = response
    /** Resolves when the connection is done with this exchange, whoever ended it. */
    this.closed = new Promise((resolve) => {
      response.once('close', () => resolve({ finished: response.writableFinished, at: performance.now() }))
    })
    /** Resolves to the time after which nothing more could arrive: the response had ended, or the connection was gone. */
    this.over = new Promise((resolve) => {
      const { socket } = response
      const over = () => {
        socket.off('finish', over)
        resolve(performance.now())
      }
      response.once('finish', over).once('close', over)
      socket.once('finish', over)
    })
  }

  /** The raw connection, for answers that are not valid HTTP. */
  get socket() {
    return this.#response.socket
  }

  /** Sends the response head at once, before there is any body. */
  head(status, headers) {
    this.#response.writeHead(status, headers)
    this.#response.flushHeaders()
  }

  /** Sends bytes (a string is UTF-8) and resolves when the operating system has them, or the browser is gone. */
  async write(chunk) {
    if (this.#response.destroyed) return
    await new Promise((resolve) => this.#response.write(chunk, resolve))
  }

  end() {
    this.#response.end()
  }

  /** Answers with a head that no browser accepts. */
  garble() {
    this.#response.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n')
  }

  /** Breaks the connection without finishing the response. */
  cut() {
    this.#response.destroy()
  }
}

async function recorded(incoming) {
  const body = []
  for await (const chunk of incoming) body.push(chunk)
  return {
    method: incoming.method,
    url: incoming.url,
    headers: incoming.headers,
    /** The text of the header, which is UTF-8; undefined without one. */
    lastEventId: incoming.headers['last-event-id'] && Buffer.from(incoming.headers['last-event-id'], 'latin1').toString(),
    body: Buffer.concat(body),
    arrivedAt: performance.now(),
  }
}

function corsHeaders({ origin, credentials = false, headers = 'authorization, content-type, last-event-id, x-test' }) {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-headers': headers,
    'access-control-allow-methods': 'GET, POST, PUT, QUERY',
    ...(credentials && { 'access-control-allow-credentials': 'true' }),
  }
}

const EVENT_STREAM = { 'content-type': 'text/event-stream' }

/** An event stream that ends cleanly after its chunks. */
export function stream(...chunks) {
  return streamAs(EVENT_STREAM, ...chunks)
}

/** An event stream with a response head of the test's choice. */
export function streamAs(headers, ...chunks) {
  return async (exchange) => {
    await holdAs(headers, ...chunks)(exchange)
    exchange.end()
  }
}

/**
 * An event stream that stays open after its chunks, until the test or the browser ends it. Without any it has a comment:
 * Firefox exposes a response only once the first byte of its body has arrived.
 */
export function hold(...chunks) {
  return holdAs(EVENT_STREAM, ...(chunks.length > 0 ? chunks : [':\n']))
}

export function holdAs(headers, ...chunks) {
  return async (exchange) => {
    exchange.head(200, headers)
    for (const chunk of chunks) await exchange.write(chunk)
  }
}

/** A response without an event stream. */
export function reply(status, headers = {}, body = '') {
  return async (exchange) => {
    exchange.head(status, headers)
    if (body) await exchange.write(body)
    exchange.end()
  }
}

export function redirect(status, location) {
  return reply(status, { location })
}

/** No answer at all until the test or the browser ends the connection. */
export async function silence() {}

/**
 * An answer that is not HTTP: a network error. A connection that merely broke before the answer would not do, as
 * browsers then send the request again by themselves.
 */
export async function garble(exchange) {
  exchange.garble()
}

const noContent = reply(204)
