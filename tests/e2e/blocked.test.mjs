/** Requests that the platform never allows: one attempt, and an error that says why. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, stream } from './endpoint.mjs'
import { pageHtml } from './page.mjs'
import { importMap } from './packed.mjs'
import { onEveryEngine } from './stage.mjs'

const closed = /^the request can never succeed here \(.+\); closed$/
const inits = {
  'by default': '() => ({})',
  'with reconnect': '() => ({ reconnect: { maxBackoffMs: 0 } })',
  'with POST': '() => ({ method: "POST", body: "x" })',
  'with redirect: "error"': '() => ({ redirect: "error" })',
  'with integrity': '() => ({ integrity: "sha256-AAAA" })',
  'with a fetch that wraps the platform\'s': '() => ({ fetch: (url, init) => fetch(url, init) })',
}

onEveryEngine('blocked', (stage) => {
  const blockedBy = async (url, init, until = 'error') => {
    const source = await stage.open('ours', url, { init })
    await source.until(until)
    const [error] = await source.errors()
    assert.equal(error.kind, 'blocked')
    assert.match(error.message, closed)
    assert.equal(error.willReconnect, false)
    assert.equal(await source.readyState(), 2)
    return error
  }

  for (const [name, init] of Object.entries(inits)) {
    test(`a Content-Security-Policy, ${name}`, async () => {
      const policy = "default-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; connect-src 'self'"
      const url = stage.server.page('/strict', pageHtml(importMap(stage.packed.manifest, '/package/')), { 'content-security-policy': policy })
      const endpoint = stage.otherServer.endpoint([hold('data: a\n\n')], { cors: { origin: '*' } })
      await stage.browser.goto(url)
      const error = await blockedBy(endpoint.url, init)
      await stage.reload()
      assert.match(error.message, /Content-Security-Policy.*connect-src/)
      assert.equal(endpoint.requests.length, 0)
    })
  }

  test('a policy that only reports', async () => {
    const policy = "connect-src 'self'"
    const url = stage.server.page('/reported', pageHtml(importMap(stage.packed.manifest, '/package/')), { 'content-security-policy-report-only': policy })
    const endpoint = stage.otherServer.endpoint([hold('data: a\n\n')], { cors: { origin: '*' } })
    await stage.browser.goto(url)
    const source = await stage.open('ours', endpoint.url)
    await source.until('message')
    await source.close()
    await stage.reload()
  })

  test('a port', async () => {
    const error = await blockedBy('http://127.0.0.1:6000/', {})
    assert.match(error.message, /the port 6000 is blocked/)
  })

  for (const [name, init] of Object.entries({
    'a GET with a body of a function': () => ({ body: () => 'x' }),
    'a header of a function that no request may have': () => ({ headers: () => ({ 'x-test': 'a\r\nb' }) }),
    'an object as the body of a function': () => ({ method: 'POST', body: async () => ({ a: 1 }) }),
  })) {
    test(name, async () => {
      const endpoint = stage.server.endpoint([])
      await blockedBy(endpoint.url, init)
      assert.equal(endpoint.requests.length, 0)
    })
  }

  test('requests that are not blocked are retried', async () => {
    const endpoint = stage.server.endpoint([hold(':\n')])
    const source = await stage.open('ours', endpoint.url, { init: { redirect: 'error', reconnect: { maxBackoffMs: 0 } } })
    ;(await endpoint.exchange(0)).cut()
    await source.until('error')
    assert.equal((await source.errors())[0].willReconnect, true)
    await source.close()
  })
})

onEveryEngine('json', (stage) => {
  const sent = async (init) => {
    const endpoint = stage.server.endpoint([stream('data: a\n\n')])
    const source = await stage.open('ours', endpoint.url, { init })
    await source.until('message')
    await source.close()
    const [{ method, headers, body }] = endpoint.requests
    return [method, headers['content-type'], String(body)]
  }

  for (const [name, init, expected] of [
    ['a value is a body and its content type', () => ({ json: { a: ['é'] } }), ['POST', 'application/json', '{"a":["é"]}']],
    ['null is a value', () => ({ json: null }), ['POST', 'application/json', 'null']],
    ['a function gives one for every attempt', () => ({ json: async ({ attempt }) => ({ attempt }) }), ['POST', 'application/json', '{"attempt":0}']],
    [
      'method and content type may be others',
      () => ({ method: 'PUT', headers: { 'Content-Type': 'application/graphql+json' }, json: 1 }),
      ['PUT', 'application/graphql+json', '1'],
    ],
  ]) {
    test(name, async () => assert.deepEqual(await sent(init), expected))
  }
})
