/** What the owner decides: `reconnect: { decide }`. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { hold, reply } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

onEveryEngine('decide', (stage) => {
  test('`decide` sees what is planned and may stop, retry or set the wait', async () => {
    const endpoint = stage.server.endpoint([reply(404), reply(503), reply(503), reply(418)])
    const source = await stage.open('ours', endpoint.url, {
      init: () => {
        globalThis.asked = []
        const answers = ['retry', 150, undefined, 'stop']
        return {
          reconnect: {
            maxBackoffMs: 0,
            decide({ kind, status, attempt, willReconnect, delayMs, headers }) {
              const isHeaders = headers instanceof Headers
              globalThis.asked.push({ kind, status, attempt, willReconnect, delayMs, isHeaders })
              return answers[attempt]
            },
          },
        }
      },
    })
    await source.until('error', 4)
    assert.equal(await source.readyState(), 2)
    const asked = await stage.evaluate(() => globalThis.asked)
    const http = { kind: 'http', isHeaders: true }
    assert.deepEqual(asked, [
      { ...http, status: 404, attempt: 0, willReconnect: false, delayMs: null },
      { ...http, status: 503, attempt: 1, willReconnect: true, delayMs: 100 },
      { ...http, status: 503, attempt: 2, willReconnect: true, delayMs: 100 },
      { ...http, status: 418, attempt: 3, willReconnect: false, delayMs: null },
    ])
    assert.deepEqual((await source.errors()).map(({ delayMs }) => delayMs), [100, 150, 100, null])
  })

  for (const [plan, status, maxAttempts] of [['stop', 404, 2], ['sleep', 503, 1]]) {
    test(`a \`decide\` that retries where the plan was to ${plan} waits as long as Retry-After asks for`, async () => {
      const endpoint = stage.server.endpoint([reply(status, { 'retry-after': '1' })])
      const source = await stage.open('ours', endpoint.url, {
        init: `() => ({ reconnect: { maxBackoffMs: 0, maxAttempts: ${maxAttempts}, decide: () => 'retry' } })`,
      })
      await source.until('error')
      await source.close()
      assert.equal((await source.errors())[0].delayMs, 1000)
    })
  }

  test('close() in `decide` ends the source without an event', async () => {
    const endpoint = stage.server.endpoint([hold(), hold()])
    const source = await stage.open('ours', endpoint.url, {
      init: () => ({ reconnect: { maxBackoffMs: 0, decide: () => globalThis.closing.close() } }),
      act: (event, source) => { globalThis.closing = source },
    })
    await source.until('open')
    ;(await endpoint.exchange(0)).cut()
    // Longer than the event, or then the request, would take.
    await after(300)
    assert.equal(await source.readyState(), 2)
    assert.deepEqual((await source.read()).events.map(({ type }) => type), ['open'])
    assert.equal(endpoint.requests.length, 1)
  })

  test('a `decide` that fails is reported and changes nothing', async () => {
    const endpoint = stage.server.endpoint([reply(503), reply(503)])
    const source = await stage.open('ours', endpoint.url, {
      init: () => ({
        reconnect: {
          maxBackoffMs: 0,
          decide({ attempt }) {
            if (attempt === 0) throw new Error('undecided')
            return 'maybe'
          },
        },
      }),
    })
    await source.until('error', 2)
    await source.close()
    assert.ok((await source.errors()).every(({ willReconnect }) => willReconnect))
    const uncaught = await stage.browser.takeUncaught()
    assert.equal(uncaught.length, 2)
    assert.match(uncaught[0], /undecided/)
    assert.match(uncaught[1], /must return "stop", "retry", milliseconds or nothing, not maybe/)
  })
})
