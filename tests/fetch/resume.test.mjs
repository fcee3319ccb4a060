/** The other recipes of docs/llm.md besides `complete`: the loop of the class, asking again, and resuming by GET. */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hold, reply, stream } from '../e2e/endpoint.mjs'
import { Wire } from '../faults/wire.mjs'
import { withApis } from './apis.mjs'
import { clients, kindOf } from './clients.mjs'
import { fromPage } from './page.mjs'
import { readAll, withServer } from './stage.mjs'
import { wires } from './wires.mjs'

const post = { method: 'POST', body: '{}' }

describe('the loop over a reply', () => {
  const stage = withServer()
  const { events } = wires.chatCompletions
  const replied = async (answer, signal) => {
    const endpoint = stage.server.endpoint([answer])
    const ask = await fromPage('ask', { "'/v1/chat/completions'": `'${endpoint.url}'`, '30_000': '300' })
    let text = ''
    const error = await (async () => { for await (const part of ask('Hi', signal)) text += part })().catch((error) => error)
    return { text, error, request: endpoint.requests[0] }
  }

  test('gives the text and ends with it', async () => {
    const { text, error, request } = await replied(hold(...events))
    assert.deepEqual([text, error], ['Hello', undefined])
    assert.equal(request.headers['content-type'], 'application/json')
    assert.deepEqual(JSON.parse(request.body), { model: 'gpt-5', stream: true, messages: [{ role: 'user', content: 'Hi' }] })
  })

  for (const [name, answer, kind] of [
    ['cut off', stream(...events.slice(0, 2)), 'truncated'],
    ['silent', hold(...events.slice(0, 2)), 'timeout'],
    ['refused', reply(400), 'http'],
  ]) {
    test(`throws where the reply is ${name}`, async () => {
      assert.equal(kindOf((await replied(answer)).error), kind)
    })
  }

  test('throws what the server says inside the stream, and the reason of the signal', async () => {
    assert.equal((await replied(hold(...wires.chatCompletions.failure))).error.message, 'overloaded')
    assert.equal((await replied(hold(...events.slice(0, 2)), AbortSignal.timeout(100))).error.name, 'TimeoutError')
  })
})

describe('asking again while nothing has arrived', () => {
  const stage = withServer()
  const { events } = wires.chatCompletions
  const breaking = ({ socket }) => {
    const wire = new Wire(socket)
    return wire.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: wait\nretry: 1\n\n').then(() => wire.finish())
  }

  test('a reply that breaks off before its first event comes whole', async () => {
    const endpoint = stage.server.endpoint([breaking, breaking, stream(...events)])
    const { text, error } = await readAll(await (await fromPage('patientFetch'))(endpoint.url, post))
    assert.equal(error, undefined)
    assert.match(text, /"Hel".*"lo".*\[DONE\]/s)
    assert.deepEqual(endpoint.requests.map(({ method, body }) => `${method} ${body}`), Array(3).fill('POST {}'))
  })

  test('a reply that breaks off later, or again and again, is an error', async () => {
    const patientFetch = await fromPage('patientFetch')
    const later = stage.server.endpoint([breaking, stream(...events.slice(0, 2)), stream(...events)])
    const { text, error } = await readAll(await patientFetch(later.url, post))
    assert.match(text, /"Hel"/)
    assert.deepEqual([kindOf(error), later.requests.length], ['truncated', 2])
    const never = stage.server.endpoint(Array(9).fill(breaking))
    assert.equal(kindOf((await readAll(await patientFetch(never.url, post))).error), 'truncated')
    assert.equal(never.requests.length, 4)
  })
})

describe('OpenAI Responses in the background', () => {
  const apis = withApis()
  const { events } = wires.responses
  const whole = events.join('')
  const { make } = clients.find(({ name }) => name === 'openai, Responses')
  const after = (url) => events.slice(Number(new URL(url, 'http://any').searchParams.get('starting_after')) + 1)

  const cuts = events.flatMap((event, index) => {
    const start = events.slice(0, index).join('').length
    return [start, start + Math.floor(event.length / 2), start + event.length - 1]
  })
  for (const cut of cuts) {
    test(`cut after ${cut} of ${whole.length} bytes`, async () => {
      const rest = (exchange) => stream(...after(exchange.request.url))(exchange)
      const endpoint = apis.endpoint(stream(`retry: 1\n\n${whole.slice(0, cut)}`), rest)
      const { text, error } = await (await make(false))({ headers: endpoint.headers, maxRetries: 0 })
      const [, resumed] = endpoint.requests
      if (cut < events[0].length) {
        assert.deepEqual([text, kindOf(error), resumed], ['', 'truncated', undefined])
      } else {
        assert.deepEqual([text, error], ['Hello', undefined])
        assert.match(`${resumed.method} ${resumed.url}`, /^GET \/v1\/responses\/r\?stream=true&starting_after=\d$/)
        assert.deepEqual([`${resumed.body}`, resumed.headers['content-type'], resumed.headers.authorization], ['', undefined, 'Bearer k'])
      }
    })
  }
})
