import { breakable } from './breakable.mjs'

const BREAKS = ['drop', 'cut', 'end']

/**
 * Faults on request. Every client breaks only its own streams: it names itself in the query (`?client=`) or
 * in the header `X-Client`, on the streams and when it asks for a fault. Streams without a name never break.
 */
export class Switchboard {
  /** Open streams and the requests still to be refused, by client. */
  #clients = new Map()

  /** The middleware before the streams: refuses the request, or registers its response. */
  guard = (req, res, next) => {
    const name = clientName(req)
    if (!name) return next()

    const client = this.#client(name)
    if (client.refusals > 0) {
      client.refusals -= 1
      this.#forgetIfIdle(name)
      res.status(503).type('text').send('Unavailable, as you asked.\n')
      return
    }

    const stream = breakable(res)
    client.streams.add(stream)
    res.on('close', () => {
      client.streams.delete(stream)
      this.#forgetIfIdle(name)
    })
    next()
  }

  /**
   * `POST ?client=` with `{ "fault": "drop" | "cut" | "end" }` breaks the open streams of the client, `cut` in the
   * middle of their next event; `{ "fault": "refuse", "requests": 2 }` answers 503 to its next two requests.
   */
  route = (req, res) => {
    const name = clientName(req)
    const { fault, requests = 1 } = req.body ?? {}
    if (!name) return res.status(400).json({ error: 'no client' })

    if (fault === 'refuse' && Number.isSafeInteger(requests) && requests >= 0) {
      this.#client(name).refusals = requests
      this.#forgetIfIdle(name)
      return res.json({ requests })
    }
    if (!BREAKS.includes(fault)) return res.status(400).json({ error: 'no such fault' })

    const streams = [...(this.#clients.get(name)?.streams ?? [])]
    for (const stream of streams) stream[fault]()
    res.json({ streams: streams.length })
  }

  #client(name) {
    const client = this.#clients.get(name) ?? { streams: new Set(), refusals: 0 }
    this.#clients.set(name, client)
    return client
  }

  #forgetIfIdle(name) {
    const client = this.#clients.get(name)
    if (client?.streams.size === 0 && client.refusals === 0) this.#clients.delete(name)
  }
}

function clientName(req) {
  const name = req.get('x-client') ?? req.query.client
  return typeof name === 'string' ? name : ''
}
