/** What the second argument may hold, and what an error says of a response. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, reply, silence, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

const refused = [
  [{ headres: {} }, /^EventSource: there is no option "headres", only withCredentials, credentials, /],
  [{ reconnect: { maxAttempt: 3 } }, /^EventSource: there is no option "reconnect.maxAttempt", only replay, maxAttempts, maxBackoffMs, stableMs, decide$/],
  [{ reconnect: 3 }, /^EventSource: reconnect must be an object, not 3$/],
  [{ reconnect: null }, /^EventSource: reconnect must be an object, not null$/],
  [{ reconnect: { replay: 'never' } }, /^EventSource: reconnect.replay must be "safe" or "always", not "never"$/],
  [{ reconnect: { maxAttempts: 0 } }, /^EventSource: reconnect.maxAttempts must be an integer from 1 to Infinity, not 0$/],
  [{ reconnect: { maxBackoffMs: 1.5 } }, /^EventSource: reconnect.maxBackoffMs must be an integer from 0 to 2147483647, not 1.5$/],
  [{ reconnect: { stableMs: '5s' } }, /^EventSource: reconnect.stableMs must be an integer from 0 to 2147483647, not "5s"$/],
  [{ reconnect: { decide: 'retry' } }, /^EventSource: reconnect.decide must be a function, not "retry"$/],
  [{ timeouts: { idleMs: -1 } }, /^EventSource: timeouts.idleMs must be an integer from 1 to 2147483647, not -1$/],
  [{ timeouts: { openMs: 2 ** 31 } }, /^EventSource: timeouts.openMs must be /],
  [{ timeouts: { heartbeatEvent: '' } }, /^EventSource: timeouts.heartbeatEvent must be an event type, not ""$/],
  [{ timeouts: { heartbeatComment: '' } }, /^EventSource: timeouts.heartbeatComment must be a name, not ""$/],
  [{ limits: { maxEventBytes: 0 } }, /^EventSource: limits.maxEventBytes must be an integer from 1 to 536870912, not 0$/],
  [{ complete: true }, /^EventSource: complete must be a function, not true$/],
  [{ onComment: 'log' }, /^EventSource: onComment must be a function, not "log"$/],
  [{ signal: {} }, /^EventSource: signal must be an AbortSignal, not \[object Object\]$/],
  [{ method: 'POST', body: { a: 1 } }, /^EventSource: body must be text, bytes or a form, not an object: send JSON.stringify\(body\)/],
  [{ method: 'POST', body: [1] }, /JSON.stringify/],
  [{ json: 1, body: 'x' }, /^EventSource: json and body are two bodies$/],
  [[1], /^EventSource: init must be an object, not an array$/],
  [{ timeouts: [1] }, /^EventSource: timeouts must be an object, not an array$/],
  [{ method: { __v_isRef: true } }, /^EventSource: method must be a value, not a ref: pass its value$/],
  [{ reconnect: { __v_isRef: true } }, /^EventSource: reconnect must be a value, not a ref: pass its value$/],
  [{ __v_isRef: true }, /^EventSource: init must be an object, not a ref: pass its value$/],
  [{ fetch: 1 }, /^EventSource: fetch must be a function, not 1$/],
  [{ events: 'real' }, /^EventSource: events must be "light" or "platform", not "real"$/],
  [{ resume: 'cookie' }, /^EventSource: resume must be "header" or "query", not "cookie"$/],
  [{ store: {} }, /^EventSource: store must be an object with get and set, not \[object Object\]$/],
  [{ dedupe: 0 }, /^EventSource: dedupe must be an integer from 1 to 1000000, not 0$/],
  [{ credentials: 'some' }, /credentials|'some'/],
  [{ referrer: 'http://[' }, /referrer|'http:\/\/\['/],
  [{ priority: 'now' }, /priority|'now'/],
  [{ lastEventId: 'a\nb' }, /^EventSource: lastEventId must be a string without CR, LF and NUL, not "a\\nb"$/],
  [{ lastEventId: 'a\0' }, /^EventSource: lastEventId must be a string without CR, LF and NUL/],
  [{ lastEventId: 7 }, /^EventSource: lastEventId must be a string without CR, LF and NUL, not 7$/],
]

onEveryEngine('options', (stage) => {
  for (const [init, message] of refused) {
    test(`${JSON.stringify(init)} is refused`, async () => {
      const { url, requests } = stage.server.endpoint([])
      const error = await stage.evaluate(async (url, init) => {
        const { EventSource } = await import('eventsource-wasm')
        try {
          new EventSource(url, init)
        } catch (error) {
          return { name: error.name, message: error.message }
        }
      }, url, init)
      assert.equal(error?.name, 'TypeError')
      assert.match(error.message, message)
      assert.equal(requests.length, 0)
    })
  }

  for (const [name, init] of Object.entries({
    'a Map': () => new Map([['method', 'POST']]),
    'a Date': () => new Date(),
    'a Map in it': () => ({ reconnect: new Map() }),
    'a Date as body': () => ({ method: 'POST', body: new Date() }),
    'a promise as body': () => ({ method: 'POST', body: Promise.resolve('x') }),
    'an object without a prototype as body': () => ({ method: 'POST', body: Object.create(null) }),
    'a proxy of a form as body': () => ({ method: 'POST', body: new Proxy(new FormData(), {}) }),
    'a proxy of a signal': () => ({ signal: new Proxy(new AbortController().signal, {}) }),
    'JSON in a circle': () => {
      const json = {}
      json.json = json
      return { json }
    },
    'JSON of a symbol': () => ({ json: Symbol('x') }),
  })) {
    test(`${name} is refused`, async () => {
      const name = await stage.evaluate(async (init) => {
        const { EventSource } = await import('eventsource-wasm')
        try {
          new EventSource('/unused', (0, eval)(`(${init})`)())
        } catch (error) {
          return error.name
        }
      }, String(init))
      assert.equal(name, 'TypeError')
    })
  }

  for (const [name, body] of Object.entries({
    text: () => 'a', bytes: () => new Uint8Array(1), 'a buffer': () => new ArrayBuffer(1), 'a form': () => new FormData(),
    parameters: () => new URLSearchParams('a=1'), 'a Blob of text': () => new Blob(['a'], { type: 'text/plain;charset=UTF-8' }),
  })) {
    test(`${name} is a body`, async () => {
      const endpoint = stage.server.endpoint([hold('data: a\n\n')])
      const source = await stage.open('ours', endpoint.url, { init: `() => ({ method: 'POST', body: (${body})() })` })
      await source.until('message')
      await source.close()
    })
  }

  test('options that are undefined are absent', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const source = await stage.open('ours', endpoint.url, {
      init: () => ({ reconnect: undefined, timeouts: { idleMs: undefined }, limits: undefined, method: undefined }),
    })
    await source.until('message')
    await source.close()
  })

  test('properties of Object.prototype are not options', async () => {
    const endpoint = stage.server.endpoint([reply(503), hold()])
    const source = await stage.open('ours', endpoint.url, {
      init: () => {
        Object.assign(Object.prototype, { reconnect: true, method: 'POST', idleMs: 1, maxEventBytes: 1 })
        return { timeouts: {}, limits: {} }
      },
      act: () => {
        for (const name of ['reconnect', 'method', 'idleMs', 'maxEventBytes']) delete Object.prototype[name]
      },
    })
    await source.until('error')
    assert.equal(await source.readyState(), 2)
    assert.deepEqual(endpoint.requests.map(({ method }) => method), ['GET'])
  })

  test('properties of Object.prototype are not options of `reconnect`: a POST is not replayed', async () => {
    const endpoint = stage.server.endpoint([hold('retry: 1\ndata: a\n\n'), hold()])
    const source = await stage.open('ours', endpoint.url, {
      init: () => {
        Object.prototype.replay = 'always'
        return { method: 'POST', body: 'q' }
      },
      act: () => { delete Object.prototype.replay },
    })
    await source.until('message')
    ;(await endpoint.exchange(0)).cut()
    await source.until('error')
    assert.equal(await source.readyState(), 2)
    assert.equal(endpoint.requests.length, 1)
  })

  test('properties of Object.prototype are not options of `reconnect: true`: attempts are not limited', async () => {
    const endpoint = stage.server.endpoint([reply(503)])
    const source = await stage.open('ours', endpoint.url, {
      init: () => {
        Object.prototype.maxAttempts = 1
        return { reconnect: true }
      },
      act: () => { delete Object.prototype.maxAttempts },
    })
    await source.until('error')
    await source.close()
    const [{ delayMs }] = await source.errors()
    assert.ok(Number.isInteger(delayMs), `${delayMs} ms`)
  })

  test('headers that can be read only once are sent every time', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 1\n\n'), hold()])
    await stage.open('ours', endpoint.url, { init: () => ({ headers: new Map([['x-test', '1']]).entries() }) })
    const { request } = await endpoint.exchange(1)
    assert.deepEqual([endpoint.requests[0], request].map(({ headers }) => headers['x-test']), ['1', '1'])
  })

  test('a URL with credentials, which fetch refuses, is final', async () => {
    const source = await stage.open('ours', stage.server.origin.replace('//', '//user:secret@'))
    await source.until('error')
    assert.equal(await source.readyState(), 2)
  })

  test('options that change later change nothing', async () => {
    const endpoint = stage.server.endpoint([silence])
    const source = await stage.open('ours', endpoint.url, {
      init: () => {
        globalThis.init = { reconnect: false }
        return globalThis.init
      },
    })
    await stage.evaluate(() => { globalThis.init.reconnect = true })
    const exchange = await endpoint.exchange(0)
    exchange.head(503)
    exchange.end()
    await source.until('error')
    assert.equal(await source.readyState(), 2)
  })
})

onEveryEngine('what an error says of a response', (stage) => {
  const failedWith = async (reply, init = {}) => {
    const endpoint = stage.server.endpoint([reply])
    const source = await stage.open('ours', endpoint.url, { init, act: (event) => { globalThis.seen = event } })
    await source.until('error')
    assert.deepEqual((await source.read()).events.map(({ type }) => type), ['error'])
    return stage.evaluate(async () => {
      const { EventSourceErrorEvent } = await import('eventsource-wasm')
      const { seen } = globalThis
      const isOurs = seen instanceof EventSourceErrorEvent && seen instanceof Event
      return { isOurs, snippet: seen.bodySnippet, server: seen.headers?.get('x-test') }
    })
  }

  test('the body and the headers', async () => {
    assert.deepEqual(await failedWith(reply(500, { 'x-test': 'yes', 'content-type': 'text/plain' }, 'out of ü')), {
      isOurs: true, snippet: 'out of ü', server: 'yes',
    })
  })

  test('an event stream is only quoted too', async () => {
    const { snippet } = await failedWith(reply(403, { 'content-type': 'text/event-stream' }, 'data: denied\n\n'))
    assert.equal(snippet, 'data: denied\n\n')
  })

  test('a body of another type', async () => {
    const { snippet } = await failedWith(reply(200, { 'content-type': 'text/html' }, '<p>Log in'))
    assert.equal(snippet, '<p>Log in')
  })

  test('no more than 2 KiB of it', async () => {
    const { snippet } = await failedWith(reply(500, {}, 'ü'.repeat(100_000)))
    assert.equal(snippet, 'ü'.repeat(1024))
  })

  test('the part that has arrived of an endless body', async () => {
    const { snippet } = await failedWith(async (exchange) => {
      exchange.head(500, {})
      await exchange.write('one moment')
    })
    assert.equal(snippet, 'one moment')
  })

  test('nothing of an abandoned stream', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n'), hold()])
    const source = await stage.open('ours', endpoint.url, {
      init: () => ({ fetch: async (...request) => { globalThis.response = await fetch(...request); return globalThis.response } }),
      types: ['open'],
      act: (event) => { if (event.type === 'open') event.target.reconnect() },
    })
    await source.until('error')
    await source.close()
    assert.equal((await source.errors())[0].bodySnippet, undefined)
  })

  test('nothing if there is no body', async () => {
    const { snippet } = await failedWith(reply(204))
    assert.ok(snippet === null || snippet === '')
  })
})

onEveryEngine('complete', (stage) => {
  const init = () => ({ method: 'POST', body: 'q', complete: ({ data }) => data === '[DONE]' })

  test('closes the source without an error', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\ndata: [DONE]\n\ndata: late\n\n')])
    const source = await stage.open('ours', endpoint.url, { init })
    await (await endpoint.exchange(0)).closed
    assert.equal(await source.readyState(), 2)
    const { events } = await source.read()
    assert.deepEqual(events.map(({ type, data }) => data ?? type), ['open', 'a', '[DONE]'])
  })

  test('sees messages that nobody listens to', async () => {
    const endpoint = stage.server.endpoint([hold('event: done\ndata\n\n')])
    const source = await stage.open('ours', endpoint.url, { init: () => ({ complete: ({ type }) => type === 'done' }) })
    await (await endpoint.exchange(0)).closed
    assert.equal(await source.readyState(), 2)
  })

  test('an end without it is an error', async () => {
    const endpoint = stage.server.endpoint([stream('data: a\n\n')])
    const source = await stage.open('ours', endpoint.url, { init })
    await source.until('error')
    const [{ kind, willReconnect, message }] = await source.errors()
    assert.deepEqual({ kind, willReconnect }, { kind: 'truncated', willReconnect: false })
    assert.match(message, /^the server ended the event stream before it was complete; closed, for .+ `reconnect: { replay: "always" }` allows to repeat it$/)
  })

  test('an end without it is resumed if the request can say where from', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 1\nid: 1\ndata: a\n\n'), hold('data: [DONE]\n\n')])
    const source = await stage.open('ours', endpoint.url, { init })
    await source.until('message', 2)
    await (await endpoint.exchange(1)).closed
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '1'])
    assert.deepEqual((await source.errors()).map(({ kind }) => kind), ['truncated'])
  })

  test('one that throws is reported, and the stream goes on', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\ndata: b\n\n')])
    const source = await stage.open('ours', endpoint.url, {
      init: () => ({ complete: ({ data }) => { if (data === 'a') throw new Error('complete?') } }),
    })
    await source.until('message', 2)
    await source.close()
    assert.equal((await stage.browser.takeUncaught()).length, 1)
  })
})
