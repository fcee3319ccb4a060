/** Requests that a server of another origin does not allow. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { garble, hold, silence, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

const refusal = { cors: { origin: 'http://another.example' } }

onEveryEngine('CORS', (stage) => {
  test('a refusal is reported, after the same request without CORS and once more with it', async () => {
    const endpoint = stage.otherServer.endpoint([hold(), hold(), hold()], refusal)
    const source = await stage.open('ours', endpoint.url, { init: { withCredentials: true } })
    await source.until('error')
    const [{ kind, message, status, willReconnect }] = await source.errors()
    assert.deepEqual({ kind, status, willReconnect }, { kind: 'cors', status: null, willReconnect: false })
    assert.match(message, /^the server does not allow this request from this origin \(CORS\) \(.+\); closed$/)
    await Promise.all(endpoint.exchanges.map(({ closed }) => closed))
    const seen = endpoint.requests.map(({ method, headers }) => [method, headers.accept, headers.cookie])
    assert.deepEqual(seen, Array(3).fill(['GET', 'text/event-stream', 'crumb=1']))
  })

  test('a request lost by the network is not a refusal, even if the server answers right after', async () => {
    const endpoint = stage.otherServer.endpoint([garble, hold(), hold('data: a\n\n')], { cors: { origin: '*' } })
    const source = await stage.open('ours', endpoint.url)
    await source.until('message')
    await source.close()
    assert.deepEqual((await source.read()).events.map(({ type }) => type), ['open', 'message'])
    assert.equal(endpoint.requests.length, 3)
  })

  test('a refused header is reported too, with what to do about it', async () => {
    const endpoint = stage.otherServer.endpoint([hold()], { cors: { origin: '*', headers: '' } })
    const source = await stage.open('ours', endpoint.url, { init: { lastEventId: '1' } })
    await source.until('error')
    const [{ kind, message }] = await source.errors()
    assert.equal(kind, 'cors')
    assert.match(message, /Last-Event-ID across origins\? See the option `resume`/)
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined])
  })

  test('close() during the probe ends the connection without an event', async () => {
    const endpoint = stage.otherServer.endpoint([hold(), silence], refusal)
    const source = await stage.open('ours', endpoint.url)
    const { closed } = await endpoint.exchange(1)
    await source.close()
    await closed
    assert.deepEqual((await source.read()).events, [])
  })

  test('a server that takes too long to answer may come back', async () => {
    const endpoint = stage.otherServer.endpoint([hold(), silence], refusal)
    const source = await stage.open('ours', endpoint.url)
    await source.until('error')
    const [{ kind, willReconnect }] = await source.errors()
    assert.deepEqual({ kind, willReconnect }, { kind: 'network', willReconnect: true })
    await source.close()
    await (await endpoint.exchange(1)).closed
  })

  test('a server that has allowed the origin is not probed', async () => {
    const first = stream('retry: 1\nid: 1\ndata: a\n\n')
    const endpoint = stage.otherServer.endpoint([first], { cors: { origin: '*', headers: '' } })
    const source = await stage.open('ours', endpoint.url)
    await source.until('error', 3)
    await source.close()
    assert.deepEqual((await source.errors()).map(({ kind }) => kind), ['end', 'network', 'network'])
    assert.equal(endpoint.requests.length, 1)
  })

  test('a POST that gets no response may have been carried out: it is not sent again', async () => {
    const endpoint = stage.otherServer.endpoint([hold(), hold()], refusal)
    const source = await stage.open('ours', endpoint.url, { init: { method: 'POST', body: 'q' } })
    await source.until('error')
    const [{ kind, willReconnect }] = await source.errors()
    assert.deepEqual({ kind, willReconnect }, { kind: 'network', willReconnect: false })
    assert.equal(endpoint.requests.length, 1)
  })

  for (const [name, init] of Object.entries({
    'with `reconnect`': () => ({ reconnect: { maxBackoffMs: 0 } }),
    'with `reconnect: false`': () => ({ reconnect: false }),
    'with a `fetch` of its own': () => ({ fetch: (...request) => fetch(...request) }),
    'with POST': () => ({ method: 'POST' }),
  })) {
    test(`a source ${name} does not probe`, async () => {
      const endpoint = stage.otherServer.endpoint([hold(), hold()], refusal)
      const source = await stage.open('ours', endpoint.url, { init })
      await source.until('error')
      await source.close()
      assert.equal((await source.errors())[0].kind, 'network')
      assert.equal(endpoint.requests.length, 1)
    })
  }
})
