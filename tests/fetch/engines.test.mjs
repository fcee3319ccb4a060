/** The `fetch` that keeps event streams alive, in every engine. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, redirect, reply, stream } from '../e2e/endpoint.mjs'
import { onEveryEngine } from '../e2e/stage.mjs'

const whole = 'retry: 1\nid: 1\ndata: é\n\nid: 2\nevent: tick\ndata: a\ndata: b\n\nevent: end\ndata: \n\n'

onEveryEngine('fetch', (stage) => {
  /** Reads what `fetch` gives for a URL, until it ends or throws. `abort`: after the first chunk. */
  const read = (url, init = {}, options = {}, { abort = false } = {}) => stage.evaluate(async (url, init, options, abort) => {
    const { eventStreamFetch } = await import('eventsource-wasm/fetch')
    const controller = new AbortController()
    let text = ''
    try {
      const request = new Request(url, { ...init, signal: controller.signal })
      const response = await eventStreamFetch({ ...options, complete: ({ type }) => type === 'end' })(request)
      const { status, url: from, redirected } = response
      const decoder = new TextDecoder()
      const reader = response.body.getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return { text, status, from, redirected }
        text += decoder.decode(value, { stream: true })
        if (abort) controller.abort()
      }
    } catch (error) {
      return { text, error: error.cause?.kind ?? error.name }
    }
  }, url, init, options, abort)
  const post = { method: 'POST', body: 'a' }

  test('a whole stream, after a redirect', async () => {
    const endpoint = stage.server.endpoint([stream(whole)])
    const before = stage.server.endpoint([redirect(307, endpoint.url)])
    assert.deepEqual(await read(before.url, post), { text: whole, status: 200, from: endpoint.url, redirected: true })
    assert.equal(`${endpoint.requests[0].body}`, 'a')
  })

  test('a stream that breaks resumes, in the same body', async () => {
    const rest = whole.slice(whole.indexOf('id: 2'))
    const endpoint = stage.server.endpoint([stream(whole.slice(0, -30)), stream(rest)])
    assert.equal((await read(endpoint.url, post, { reconnect: true })).text, whole)
    assert.deepEqual(endpoint.requests.map(({ lastEventId, body }) => [lastEventId, `${body}`]), [[undefined, 'a'], ['1', 'a']])
  })

  test('a stream that cannot resume errors', async () => {
    const endpoint = stage.server.endpoint([stream('data: a\n\n')])
    assert.deepEqual(await read(endpoint.url, post), { text: 'data: a\n\n', error: 'truncated' })
    const silent = stage.server.endpoint([hold('data: a\n\n')])
    assert.deepEqual(await read(silent.url, post, { timeouts: { idleMs: 200 } }), { text: 'data: a\n\n', error: 'timeout' })
    await (await silent.exchange(0)).closed
  })

  test('aborting the request ends it', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    assert.deepEqual(await read(endpoint.url, post, {}, { abort: true }), { text: 'data: a\n\n', error: 'AbortError' })
    await (await endpoint.exchange(0)).closed
  })

  test('a response that is not an event stream is passed through', async () => {
    const endpoint = stage.server.endpoint([reply(400, { 'content-type': 'application/json' }, '{}')])
    assert.deepEqual(await read(endpoint.url, post), { text: '{}', status: 400, from: endpoint.url, redirected: false })
  })
})
