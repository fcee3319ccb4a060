/** The extra members of our `error` event. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { garble, hold, reply, stream, streamAs } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

const final = { attempt: 0, willReconnect: false, delayMs: null, cause: null }
const passing = { attempt: 0, willReconnect: true, delayMs: 3000, cause: null }

const cases = [
  {
    name: 'a status',
    replies: [reply(503)],
    details: { ...final, kind: 'http', status: 503, message: 'the status is 503, not 200; closed' },
  },
  {
    name: 'a content type',
    replies: [streamAs({ 'content-type': 'text/html' })],
    details: { ...final, kind: 'mime', status: 200, message: 'the content type is text/html, not text/event-stream; closed' },
  },
  {
    name: 'a missing content type',
    replies: [streamAs({})],
    details: { ...final, kind: 'mime', status: 200, message: 'the content type is missing, not text/event-stream; closed' },
  },
  {
    name: 'the end of the stream',
    replies: [stream('data: a\n\n')],
    details: { ...passing, kind: 'end', status: null, message: 'the server ended the event stream; reconnecting in 3000 ms' },
  },
  {
    name: 'the end of the stream, with a reconnection time of the server',
    replies: [stream('retry: 5000\n\n')],
    details: { ...passing, kind: 'end', status: null, delayMs: 5000, message: 'the server ended the event stream; reconnecting in 5000 ms' },
  },
  {
    name: 'a network error',
    replies: [garble],
    // It treats non-HTTP bytes as a response.
    skippedIn: 'webkit',
    // Every engine words this differently.
    details: ({ cause }) => ({
      ...passing, kind: 'network', status: null, cause,
      message: `there was no response (${cause.replace('TypeError: ', '')}); reconnecting in 3000 ms`,
    }),
  },
  {
    name: 'a connection that breaks off',
    replies: [hold()],
    afterOpen: (exchange) => exchange.cut(),
    // It reports a body that was cut off as a clean end.
    skippedIn: 'webkit',
    details: ({ cause }) => ({
      ...passing, kind: 'network', status: null, cause,
      message: `the connection broke off (${cause.replace('TypeError: ', '')}); reconnecting in 3000 ms`,
    }),
  },
  {
    name: 'a connection on which nothing more arrives',
    replies: [hold()],
    init: { timeouts: { idleMs: 300 } },
    details: { ...passing, kind: 'timeout', status: null, message: 'nothing more arrived in time; reconnecting in 3000 ms' },
  },
  {
    name: 'a function that throws',
    replies: [],
    init: () => ({ headers: () => { throw new Error('no token') } }),
    details: {
      ...passing, kind: 'request', status: null, cause: 'Error: no token',
      message: 'a function of the init failed (no token); reconnecting in 3000 ms',
    },
  },
  {
    name: 'a function that rejects',
    replies: [],
    init: () => ({ method: 'POST', body: () => Promise.reject(new Error('no body')) }),
    details: {
      ...passing, kind: 'request', status: null, cause: 'Error: no body',
      message: 'a function of the init failed (no body); reconnecting in 3000 ms',
    },
  },
  {
    name: 'an event beyond the limit',
    replies: [hold(`data: a\n\ndata: ${'x'.repeat(100)}`)],
    init: { limits: { maxEventBytes: 50 } },
    details: { ...final, kind: 'limit', status: null, message: 'an event is larger than limits.maxEventBytes; closed' },
  },
]

onEveryEngine('error event', (stage) => {
  for (const { name, replies, init, afterOpen, details, skippedIn } of cases) {
    test(`reports ${name}`, { skip: skippedIn === stage.engineName }, async () => {
      const endpoint = stage.server.endpoint(replies)
      const source = await stage.open('ours', endpoint.url, { init })
      if (afterOpen) {
        await source.until('open')
        afterOpen(await endpoint.exchange(0))
      }
      await source.until('error')
      const [error] = await source.errors()
      assert.deepEqual(error, typeof details === 'function' ? details(error) : details)
      assert.equal(await source.readyState(), error.willReconnect ? 0 : 2)
      await source.close()
    })
  }

  test('reconnect() throws as soon as the source is bound to fail', async () => {
    const endpoint = stage.server.endpoint([async (exchange) => {
      exchange.head(404, {})
      await exchange.write('the rest of this takes a while')
    }])
    const seen = await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      const seen = []
      const source = new EventSource(url, {
        fetch: async (...request) => {
          const response = await fetch(...request)
          // By then the source has this response and is waiting for its body.
          setTimeout(() => {
            try {
              source.reconnect()
            } catch ({ name }) {
              seen.push(name)
            }
          })
          return response
        },
      })
      await new Promise((resolve) => { source.onerror = ({ kind }) => resolve(seen.push(kind)) })
      return seen
    }, endpoint.url)
    assert.deepEqual(seen, ['InvalidStateError', 'http'])
  })

  test('a connection that fails permanently is closed at the server too', async () => {
    const endpoint = stage.server.endpoint([hold(`data: ${'x'.repeat(100)}`)])
    const source = await stage.open('ours', endpoint.url, { init: { limits: { maxEventBytes: 50 } } })
    await source.until('error')
    await (await endpoint.exchange(0)).closed
  })
})
