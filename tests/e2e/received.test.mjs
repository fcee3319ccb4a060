/** A message is received when its listeners have returned or, in a loop, when the loop asks for the next one. In Node. */

import assert from 'node:assert/strict'
import { sep } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { importMap, packedPackage } from './packed.mjs'
import { hold, stream } from './endpoint.mjs'
import { play } from './received-model.mjs'
import { Server } from './server.mjs'

const SEEDS = 100

describe('received', () => {
  let packed, server, EventSource

  before(async () => {
    packed = await packedPackage()
    server = await Server.start()
    ;({ EventSource } = await import(pathToFileURL(importMap(packed.manifest, packed.directory + sep)['eventsource-wasm'])))
  })

  after(async () => {
    await server?.close()
    await packed?.remove()
  })

  test(`${SEEDS} random scripts of consumers get every message once and in order, and no ID is stored too early`, async () => {
    for (let seed = 0; seed < SEEDS; seed += 1) await play(EventSource, seed)
  })

  const three = 'id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n'
  const turn = () => new Promise((resolve) => { setImmediate(resolve) })
  const storing = (delayed = false) => {
    const stored = []
    return { stored, store: { get: () => '', set: (id) => { stored.push(id); return delayed ? turn() : undefined } } }
  }

  test('a loop that ends with preventClose leaves the rest for the next one, even if more arrives in between', async () => {
    const endpoint = server.endpoint([async (exchange) => {
      await hold(three)(exchange)
      await server.delivered
      await exchange.write('id: 4\ndata: d\n\n')
      exchange.end()
    }])
    const source = new EventSource(endpoint.url, { method: 'POST' })
    const got = []
    let written
    server.delivered = new Promise((resolve) => { written = resolve })
    for await (const { data } of source.messages({ preventClose: true })) {
      got.push(data)
      break
    }
    written()
    for (let turns = 0; turns < 20; turns += 1) await turn()
    for await (const { data } of source.messages()) got.push(data)
    assert.deepEqual(got, ['a', 'b', 'c', 'd'])
  })

  test('a listener does not wait for a next loop', async () => {
    const endpoint = server.endpoint([stream(`${three}event: done\ndata\n\n`)])
    const source = new EventSource(endpoint.url, { method: 'POST' })
    const heard = []
    source.onmessage = ({ data }) => heard.push(data)
    const done = new Promise((resolve) => { source.addEventListener('done', resolve) })
    for await (const _message of source.messages({ preventClose: true })) break
    await done
    source.close()
    assert.deepEqual(heard, ['a', 'b', 'c'])
  })

  test('the message in hand is stored when the loop asks for the next one, not before', async () => {
    const { stored, store } = storing()
    const source = new EventSource(server.endpoint([hold(three)]).url, { store })
    const seen = []
    for await (const { data } of source.messages()) {
      seen.push(`${data}: ${stored}`)
      if (data === 'c') break
    }
    assert.deepEqual(seen, ['a: ', 'b: 1', 'c: 1,2'])
    assert.deepEqual(stored, ['1', '2', '3'])
  })

  test('close() while a loop has a message in hand stores the one before', async () => {
    const { stored, store } = storing()
    const source = new EventSource(server.endpoint([hold(three)]).url, { store })
    const messages = source.messages()
    await messages.next()
    await messages.next()
    source.close()
    assert.deepEqual(stored, ['1'])
    assert.equal((await messages.next()).done, true)
  })

  test('a slow store gives the first ID and gets every later one in order, the last one after close()', async () => {
    const { stored, store } = storing(true)
    const endpoint = server.endpoint([hold(three)])
    const source = new EventSource(endpoint.url, { store: { ...store, get: () => turn().then(() => 'before') } })
    for await (const { data } of source.messages()) if (data === 'c') break
    while (stored.length < 3) await turn()
    assert.equal(endpoint.requests[0].lastEventId, 'before')
    assert.deepEqual(stored, ['1', '2', '3'])
  })

  test('a source that is closed before its store has answered makes no request, and leaves the store as it is', async () => {
    const { stored, store } = storing()
    const endpoint = server.endpoint([])
    const source = new EventSource(endpoint.url, { store: { ...store, get: () => turn().then(() => 'before') } })
    source.close()
    for (let turns = 0; turns < 5; turns += 1) await turn()
    assert.deepEqual([endpoint.requests.length, stored], [0, []])
  })

  test('replayed messages that dedupe drops are not stored again', async () => {
    const { stored, store } = storing()
    const endpoint = server.endpoint([stream(`retry: 1\n\n${three}`), hold('id: 1\ndata: a\n\nid: 2\ndata: b\n\n'), hold('')])
    const source = new EventSource(endpoint.url, { store, dedupe: 10 })
    source.onmessage = () => {}
    await endpoint.exchange(1)
    while (source.readyState !== 1) await turn()
    for (let turns = 0; turns < 20; turns += 1) await turn()
    source.close()
    assert.deepEqual(stored, ['3'])
  })
})
