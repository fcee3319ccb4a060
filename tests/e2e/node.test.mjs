/** The class without a page: in Node, which runs this file. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { sep } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { hold, stream } from './endpoint.mjs'
import { importMap, packedPackage } from './packed.mjs'
import { Server } from './server.mjs'

describe('node', () => {
  let packed
  let server
  let EventSource
  let sessionStore

  before(async () => {
    packed = await packedPackage()
    server = await Server.start()
    const entries = importMap(packed.manifest, packed.directory + sep)
    ;({ EventSource } = await import(pathToFileURL(entries['eventsource-wasm'])))
    ;({ sessionStore } = await import(pathToFileURL(entries['eventsource-wasm/session-store'])))
  })

  after(async () => {
    await server?.close()
    await packed?.remove()
  })

  test('a stream that is cut goes on after the last event ID', async () => {
    const cutAfter = (text) => async (exchange) => {
      await hold(text)(exchange)
      exchange.cut()
    }
    const endpoint = server.endpoint([cutAfter('retry: 1\nid: 1\ndata: a\n\n'), hold('id: 2\nevent: tick\ndata: é\n\n')])
    const source = new EventSource(endpoint.url)
    const heard = []
    source.onmessage = source.onerror = ({ type, data, kind }) => heard.push(data ?? `${type}: ${kind}`)
    const [tick] = await once(source, 'tick')
    assert.deepEqual([...heard, tick.data, tick.lastEventId], ['a', 'error: network', 'é', '2'])
    source.close()
    assert.equal(endpoint.requests[1].lastEventId, '1')
  })

  test('a POST with headers and a body is a loop of messages', async () => {
    const endpoint = server.endpoint([stream('data: a\n\ndata: b\n\nevent: done\ndata\n\n')])
    const source = new EventSource(endpoint.url, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}', complete: ({ type }) => type === 'done',
    })
    const messages = []
    for await (const { type, data } of source.messages()) messages.push([type, data])
    assert.deepEqual(messages, [['message', 'a'], ['message', 'b'], ['done', '']])
    const [{ method, headers, body }] = endpoint.requests
    assert.deepEqual([method, headers['content-type'], String(body)], ['POST', 'application/json', '{}'])
  })

  test('ten thousand listeners of one signal, and a hundred sources, cause no leak warning in Node', async () => {
    const warnings = []
    const warned = (warning) => warnings.push(warning.message)
    process.on('warning', warned)
    const { signal } = new AbortController()
    const endpoint = server.endpoint([])
    const sources = Array.from({ length: 100 }, () => new EventSource(endpoint.url, { signal, fetch: () => new Promise(() => {}) }))
    for (const source of sources) {
      for (let index = 0; index < 100; index += 1) source.addEventListener('message', () => {}, { signal })
    }
    // Warnings come in a later tick.
    await new Promise((resolve) => { setImmediate(resolve) })
    process.off('warning', warned)
    for (const source of sources) source.close()
    assert.deepEqual(warnings, [])
  })

  test('sessionStore() keeps nothing, because a server has many sessions', () => {
    sessionStore('feed').set('1')
    assert.equal(sessionStore('feed').get() ?? '', '')
  })

  test('a relative URL is a SyntaxError, because there is no base URL', () => {
    assert.throws(() => new EventSource('/prices'), { name: 'SyntaxError' })
  })
})
