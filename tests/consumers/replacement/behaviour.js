/** Prints, as JSON, how a class behaves: that of the package which the first argument names. */

import { once } from 'node:events'
import http from 'node:http'

const { EventSource, ErrorEvent } = await import(process.argv[2])

const stream = { 'content-type': 'text/event-stream' }
const withToken = (url, init) => fetch(url, { ...init, headers: { ...init.headers, 'x-token': 'secret' } })

/** What the server answers to each request, one after the other, and until which event the source is heard. */
const situations = {
  'named events, ids': { replies: [[200, stream, 'id: é1\ndata: a\n\nevent: tick\ndata: b\n\nevent: last\ndata: c\n\n']] },
  'resumes with the last event ID': {
    replies: [[200, stream, 'retry: 100\nid: é1\ndata: a\n\n'], [200, stream, 'event: last\ndata: b\n\n']],
  },
  'a fetch of its own': { replies: [[200, stream, 'event: last\ndata: a\n\n']], init: { fetch: withToken } },
  'a redirect': { replies: [[302, { location: '/elsewhere' }, ''], [200, stream, 'event: last\ndata: a\n\n']] },
  'status 204': { replies: [[204, {}, '']], last: 'error' },
  'status 401': { replies: [[401, {}, '']], last: 'error' },
  'status 404': { replies: [[404, { 'content-type': 'text/plain' }, 'nothing']], last: 'error' },
  'status 500': { replies: [[500, stream, 'data: a\n\n']], last: 'error' },
  'another content type': { replies: [[200, { 'content-type': 'text/html' }, '<p>']], last: 'error' },
  'no connection': { replies: [], last: 'error', init: { fetch: () => Promise.reject(new TypeError('fetch failed')) } },
}

async function play({ replies, init, last = 'last' }) {
  const requests = []
  const server = http.createServer((request, response) => {
    const { accept, 'last-event-id': id, 'x-token': token } = request.headers
    const [status, headers, body] = replies[requests.push({ url: request.url, accept, id, token }) - 1]
    response.writeHead(status, headers).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${server.address().port}`
  const source = new EventSource(`${origin}/events`, init)
  const events = []
  await new Promise((resolve) => {
    const hear = ({ type, data, lastEventId, code, origin: from }) => {
      events.push({ type, data, lastEventId, code, sameOrigin: from === origin })
      if (type === last) resolve()
    }
    for (const type of ['open', 'message', 'tick', 'last', 'error']) source.addEventListener(type, hear)
  })
  const { readyState, withCredentials } = source
  source.close()
  server.close()
  server.closeAllConnections()
  return { events, requests, readyState, withCredentials, afterClose: source.readyState }
}

const nameOfThrown = (work) => {
  try {
    work()
  } catch ({ name }) {
    return name
  }
}

const behaviour = {
  constants: [EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED],
  supportsFetch: EventSource[Symbol.for('eventsource.supports-fetch-override')],
  'error event': [typeof ErrorEvent, new ErrorEvent('error') instanceof Event],
  'URL that is none': nameOfThrown(() => new EventSource('http://:0/')),
}
for (const [name, situation] of Object.entries(situations)) behaviour[name] = await play(situation)
console.log(JSON.stringify(behaviour))
