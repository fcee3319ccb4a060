import { breakable } from './breakable.mjs'
import { badRequest } from './event-stream.mjs'

const BREAKS = ['drop', 'cut', 'stall', 'end']

/**
 * Faults on request. Every client breaks only its own streams: it names itself in the query (`?client=`) or
 * in the header `X-Client`, on the streams and when it asks for a fault. Streams without a name never break.
 */
export class Switchboard {
  /** Open streams and the requests still to be refused, by client. */
  #clients = new Map()

  /** Refuses the request, or has it answered and registers the response. */
  async guard(request, answer) {
    const name = clientName(request)
    if (!name) return answer(request)

    const client = this.#client(name)
    if (client.refusals > 0) {
      client.refusals -= 1
      this.#forgetIfIdle(name)
      return client.refusal()
    }

    const response = await answer(request)
    if (!response.ok || response.body === null) {
      this.#forgetIfIdle(name)
      return response
    }
    const stream = breakable(response)
    client.streams.add(stream)
    void stream.closed.then(() => {
      client.streams.delete(stream)
      this.#forgetIfIdle(name)
    })
    return stream.response
  }

  /**
   * `POST ?client=` with `{ "fault": "drop" | "cut" | "stall" | "end" }` breaks the open streams of the client, `cut` in
   * the middle of their next event; `{ "fault": "refuse", "requests": 2 }` answers 503 to its next two requests, or
   * another `status`, and says when to come back with `retryAfterSeconds`.
   */
  async fault(request) {
    const name = clientName(request)
    const { fault, requests = 1, status = 503, retryAfterSeconds } = await request.json().catch(() => ({}))
    if (!name) return badRequest('no client')

    if (fault === 'refuse' && Number.isSafeInteger(requests) && requests >= 0 && status >= 400 && status <= 599) {
      const client = this.#client(name)
      client.refusals = requests
      client.refusal = () => refusal(status, retryAfterSeconds)
      this.#forgetIfIdle(name)
      return Response.json({ requests })
    }
    if (!BREAKS.includes(fault)) return badRequest('no such fault')

    const streams = [...(this.#clients.get(name)?.streams ?? [])]
    for (const stream of streams) stream[fault]()
    return Response.json({ streams: streams.length })
  }

  #client(name) {
    const client = this.#clients.get(name) ?? { streams: new Set(), refusals: 0, refusal: undefined }
    this.#clients.set(name, client)
    return client
  }

  #forgetIfIdle(name) {
    const client = this.#clients.get(name)
    if (client?.streams.size === 0 && client.refusals === 0) this.#clients.delete(name)
  }
}

function refusal(status, retryAfterSeconds) {
  const headers = { 'content-type': 'text/plain' }
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(Number(retryAfterSeconds))
  return new Response('Unavailable, as you asked.\n', { status, headers })
}

function clientName(request) {
  return request.headers.get('x-client') ?? new URL(request.url).searchParams.get('client') ?? ''
}
