/** How a source ends, in Node: what `complete` says, `closed`, signals, and what an error says of its reason. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { sep } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { hold, reply, stream } from './endpoint.mjs'
import { importMap, packedPackage } from './packed.mjs'
import { Server } from './server.mjs'

describe('ending', () => {
  let packed
  let server
  let EventSource

  before(async () => {
    packed = await packedPackage()
    server = await Server.start()
    ;({ EventSource } = await import(pathToFileURL(importMap(packed.manifest, packed.directory + sep)['eventsource-wasm'])))
  })

  after(async () => {
    await server?.close()
    await packed?.remove()
  })

  const post = (complete, more = {}) => ({ method: 'POST', body: '', complete, ...more })
  const failingWith = (fetch) => once(new EventSource('https://example.test/', { fetch, reconnect: false }), 'error').then(([event]) => event)

  /** The data that a loop got, and what it threw; then what `closed` says. */
  const outcome = async (source) => {
    const seen = []
    try {
      for await (const { data } of source.messages()) seen.push(data)
    } catch (error) {
      seen.push(error)
    }
    return [seen, await source.closed.catch((error) => error)]
  }

  const text = 'data: a\n\ndata: b\n\ndata: c\n\n'
  const failure = new RangeError('quota')
  for (const [name, replies, complete, seen, closed] of [
    ['true is the end', hold(text), ({ data }) => data === 'b', ['a', 'b'], 'complete'],
    ['"ending" lets the stream end', stream(text), ({ data }) => data === 'b' && 'ending', ['a', 'b', 'c'], 'complete'],
    ['"ending" at the last message', stream(text), ({ data }) => data === 'c' && 'ending', ['a', 'b', 'c'], 'complete'],
    ['an Error is a failure', hold(text), ({ data }) => (data === 'b' ? failure : undefined), ['a', 'b', failure], failure],
  ]) {
    test(`complete: ${name}`, async () => {
      const source = new EventSource(server.endpoint([replies]).url, post(complete))
      assert.deepEqual(await outcome(source), [seen, closed])
      assert.equal(source.readyState, 2)
    })
  }

  test('complete: an Error is an error of kind "application", and no message follows', async () => {
    const source = new EventSource(server.endpoint([hold(text)]).url, { complete: ({ data }) => (data === 'b' ? failure : false) })
    const seen = []
    source.onmessage = ({ data }) => seen.push(data)
    const [{ kind, cause, message, willReconnect }] = await once(source, 'error')
    assert.deepEqual({ seen, kind, cause, willReconnect }, { seen: ['a', 'b'], kind: 'application', cause: failure, willReconnect: false })
    assert.equal(message, 'a message reports a failure (quota); closed')
  })

  test('complete: "ending" for the event that the end of the stream ends', async () => {
    const source = new EventSource(server.endpoint([stream('data: a\n\ndata: b\n')]).url, post(({ data }) => data === 'b' && 'ending', { interpret: { unterminated: true } }))
    assert.deepEqual(await outcome(source), [['a', 'b'], 'complete'])
  })

  test('interpret: an event without data is dispatched', async () => {
    const types = []
    const source = new EventSource(server.endpoint([stream('data: a\n\nevent: complete\n\n')]).url, post(({ type, data }) => {
      types.push([type, data])
      return type === 'complete'
    }, { interpret: { emptyEvents: true } }))
    assert.equal(await source.closed, 'complete')
    assert.deepEqual(types, [['message', 'a'], ['complete', '']])
  })

  for (const name of ['complete', 'decide']) {
    test(`${name}: a promise is refused by name, and the stream goes on`, async () => {
      const reported = []
      // Otherwise the reported error would end the process.
      const { error: print } = console
      console.error = (error) => reported.push(error.message)
      const promising = async () => { throw new Error('unheard') }
      const init = name === 'complete' ? { complete: promising } : { reconnect: { decide: promising, maxBackoffMs: 0 } }
      const endpoint = server.endpoint([stream(`retry: 1\n\n${text}`), hold('data: d\n\n')])
      const source = new EventSource(endpoint.url, init)
      const seen = []
      source.addEventListener('message', ({ data }) => seen.push(data))
      await endpoint.exchange(1)
      await once(source, 'message')
      source.close()
      console.error = print
      assert.deepEqual(seen, ['a', 'b', 'c', 'd'])
      assert.equal(reported[0], `EventSource: ${name === 'decide' ? 'reconnect.' : ''}${name} must not return a promise`)
      // Its rejection is only reported too.
      assert.deepEqual(reported.slice(1).filter((message) => message !== 'unheard'), [])
    })
  }

  test('closed: a late reader gets the first ending', async () => {
    const source = new EventSource(server.endpoint([stream('data: a\n\n')]).url, { complete: () => true })
    await once(source, 'message')
    source.close()
    assert.equal(await source.closed, 'complete')
  })

  test('closed: distinguishes close() from the end of the stream', async () => {
    const closing = new EventSource(server.endpoint([hold()]).url)
    closing.close()
    assert.equal(await closing.closed, 'close')
    assert.equal(await new EventSource(server.endpoint([stream('data: a\n\n')]).url, { reconnect: false }).closed, 'end')
  })

  test('closed: rejects with what a loop throws', async () => {
    const [[thrown], closed] = await outcome(new EventSource(server.endpoint([reply(404)]).url))
    assert.equal(thrown, closed)
    assert.deepEqual([closed.cause.kind, closed.cause.status, closed.cause.code], ['http', 404, 404])
  })

  test('aborting a signal: a loop throws its reason, and messages not yet taken are dropped', async () => {
    const controller = new AbortController()
    const source = new EventSource(server.endpoint([hold(text)]).url, { signal: controller.signal })
    const seen = []
    await assert.rejects(async () => {
      for await (const { data } of source.messages()) {
        seen.push(data)
        controller.abort(failure)
      }
    }, failure)
    assert.deepEqual(seen, ['a'])
    await assert.rejects(source.messages().next(), failure)
    await assert.rejects(source.closed, failure)
  })

  test('an aborted signal, and one aborted while a loop waits', async () => {
    const { url } = server.endpoint([hold(), hold()])
    await assert.rejects(new EventSource(url, { signal: AbortSignal.abort(failure) }).messages().next(), failure)
    const controller = new AbortController()
    const source = new EventSource(url, { signal: controller.signal })
    const waiting = source.messages().next()
    await once(source, 'open')
    controller.abort()
    await assert.rejects(waiting, { name: 'AbortError' })
  })

  test('accepts an AbortSignal implemented by a library', async () => {
    const listeners = []
    const signal = {
      aborted: false,
      addEventListener: (_type, listener, options) => {
        if (options !== undefined) throw new TypeError('no signal of another realm')
        listeners.push(listener)
      },
    }
    const source = new EventSource(server.endpoint([hold()]).url, { signal })
    await once(source, 'open')
    for (const listener of listeners) listener()
    assert.equal(source.readyState, 2)
  })

  test('one signal for 10,000 sources: no warning, and closed sources leave nothing behind', async () => {
    const warnings = []
    const warn = (warning) => warnings.push(warning.message)
    process.on('warning', warn)
    const controller = new AbortController()
    const init = { signal: controller.signal, fetch: () => new Promise(() => {}) }
    const sources = Array.from({ length: 10_000 }, () => new EventSource('https://example.test/', init))
    for (const source of sources.splice(0, 5_000)) source.close()
    controller.abort()
    await new Promise(setImmediate)
    process.off('warning', warn)
    assert.deepEqual(warnings, [])
    assert.ok(sources.every(({ readyState }) => readyState === 2))
  })

  test('the innermost reason is in the message: a refused connection', async () => {
    const unused = createServer().listen(0, '127.0.0.1')
    await once(unused, 'listening')
    const { port } = unused.address()
    unused.close()
    const source = new EventSource(`http://127.0.0.1:${port}/?token=secret`)
    const [{ message }] = await once(source, 'error')
    source.close()
    assert.equal(message, `there was no response (fetch failed: connect ECONNREFUSED 127.0.0.1:${port}); reconnecting in 3000 ms`)
  })

  for (const [name, thrown, reason] of [
    ['a chain', new TypeError('fetch failed', { cause: new Error('inner', { cause: { code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' } }) }), 'fetch failed: inner: certificate has expired'],
    ['several reasons', new TypeError('fetch failed', { cause: new AggregateError([new Error('connect ::1'), new Error('connect 127.0.0.1')]) }), 'fetch failed: AggregateError: connect ::1, connect 127.0.0.1'],
    ['a chain that says a thing twice', new Error('no token: offline', { cause: new Error('offline') }), 'no token: offline'],
    ['an error without a message', Object.assign(new Error(''), { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['a message that is not finished', new Error('WebAssembly.Module(): '), 'WebAssembly.Module() gave no reason'],
    ['text', 'offline', 'offline'],
    ['several lines', new Error('a\n  b'), 'a b'],
    ['a user, a password and a query', new TypeError('Failed to parse https://me:pass@word@host.test/path?token=secret#part, or /other?a=1&b=2'), 'Failed to parse https://host.test/path?… or /other?…'],
  ]) {
    test(`the innermost reason is in the message: ${name}`, async () => {
      const { message, cause } = await failingWith(() => Promise.reject(thrown))
      assert.equal(message, `there was no response (${reason}); closed`)
      assert.equal(cause, thrown)
    })
  }

  test('a cycle of causes ends; a cause that throws is ignored', async () => {
    const circle = new Error('round')
    circle.cause = circle
    assert.match((await failingWith(() => Promise.reject(circle))).message, /\(round\)/)
    const throwing = Object.defineProperty({}, 'message', { get() { throw new Error('no') } })
    assert.equal((await failingWith(() => Promise.reject(throwing))).message, 'there was no response; closed')
  })

  test('resume by a function: called without an ID too, it makes a GET of a POST, which is then repeated', async () => {
    const endpoint = server.endpoint([
      stream('retry: 1\ndata: a\n\n', ''), stream('data: b\n\n'), hold('data: c\n\n'),
    ])
    const calls = []
    const source = new EventSource(endpoint.url, {
      method: 'POST', body: 'q', reconnect: { replay: 'always', maxBackoffMs: 0 },
      resume: (request) => {
        const { lastEventId, lastMessage, responseHeaders, method, body } = request
        calls.push([lastEventId, lastMessage.data, responseHeaders.get('content-type'), method, body])
        request.method = 'GET'
        request.body = undefined
        request.url.searchParams.set('after', lastMessage.data)
      },
    })
    const seen = []
    for await (const { data } of source.messages()) if (seen.push(data) === 3) break
    assert.deepEqual(seen, ['a', 'b', 'c'])
    assert.deepEqual(calls, [['', 'a', 'text/event-stream', 'POST', 'q'], ['', 'b', 'text/event-stream', 'POST', 'q']])
    assert.deepEqual(endpoint.requests.map(({ method, url, body }) => [method, url.split('?')[1], String(body)]), [
      ['POST', undefined, 'q'], ['GET', 'after=a', ''], ['GET', 'after=b', ''],
    ])
  })

  test('resume by a GET may be repeated where the POST may not', async () => {
    const endpoint = server.endpoint([
      async (exchange) => {
        await hold('retry: 1\nid: 1\ndata: a\n\n')(exchange)
        exchange.cut()
      },
      (exchange) => exchange.cut(),
      stream('data: b\n\n'), hold('data: c\n\n'),
    ])
    const source = new EventSource(endpoint.url, {
      method: 'POST', body: 'q', resume: (request) => Object.assign(request, { method: 'GET', body: undefined }),
    })
    const seen = []
    for await (const { data } of source.messages()) if (seen.push(data) === 3) break
    assert.deepEqual(seen, ['a', 'b', 'c'])
  })

  test('as the global class, it ignores unknown options like the native one', async () => {
    const { EventSource: earlier } = globalThis
    assert.throws(() => new EventSource('https://example.test/', { heartbeatTimeout: 1 }), TypeError)
    globalThis.EventSource = EventSource
    const source = new EventSource(server.endpoint([hold('data: a\n\n')]).url, { heartbeatTimeout: 1, method: 'POST', body: 'x' })
    globalThis.EventSource = earlier
    await once(source, 'message')
    source.close()
    assert.equal(EventSource[Symbol.for('eventsource.supports-fetch-override')], true)
  })
})
