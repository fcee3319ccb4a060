/** The request that an init describes: method, headers, body, and which of them are sent again. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { hold, redirect, silence, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

/** Sets a reconnection time, so that the next request comes soon. */
const SOON = 'retry: 1\n\n'

const FORM_FIELD = /^--(\S+)\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--\1--\r\n$/

const bodies = [
  { kind: 'a string', init: () => ({ body: 'a=1' }), type: 'text/plain;charset=UTF-8', sent: 'a=1' },
  { kind: 'an empty string', init: () => ({ body: '' }), type: 'text/plain;charset=UTF-8', sent: '' },
  { kind: 'a string beyond ASCII', init: () => ({ body: '豆' }), type: 'text/plain;charset=UTF-8', sent: '豆' },
  {
    kind: 'a string with a content type',
    init: () => ({ body: '{"a":1}', headers: { 'content-type': 'application/json' } }),
    type: 'application/json',
    sent: '{"a":1}',
  },
  {
    kind: 'URLSearchParams',
    init: () => ({ body: new URLSearchParams({ a: '1 2' }) }),
    type: 'application/x-www-form-urlencoded;charset=UTF-8',
    sent: 'a=1+2',
  },
  {
    kind: 'FormData',
    init: () => {
      const body = new FormData()
      body.append('a', '1')
      return { body }
    },
    type: /^multipart\/form-data; boundary=/,
    sent: FORM_FIELD,
  },
  { kind: 'a Blob', init: () => ({ body: new Blob(['a=1'], { type: 'text/x-a' }) }), type: 'text/x-a', sent: 'a=1' },
  { kind: 'an ArrayBuffer', init: () => ({ body: Uint8Array.of(0x61, 0x62).buffer }), type: undefined, sent: 'ab' },
  { kind: 'a typed array', init: () => ({ body: Uint8Array.of(0x61, 0x62, 0x63).subarray(1) }), type: undefined, sent: 'bc' },
  { kind: 'a DataView', init: () => ({ body: new DataView(Uint8Array.of(0x61, 0x62).buffer, 1) }), type: undefined, sent: 'b' },
  { kind: 'none', init: () => ({}), type: undefined, sent: '' },
  { kind: 'null', init: () => ({ body: null }), type: undefined, sent: '' },
  { kind: 'a function', init: () => ({ body: () => 'a=1' }), type: 'text/plain;charset=UTF-8', sent: 'a=1' },
  { kind: 'an async function', init: () => ({ body: async () => new Blob(['a=1']) }), type: undefined, sent: 'a=1' },
]

const headerForms = [
  { form: 'an object', init: () => ({ headers: { 'X-Test': '1', Authorization: 'Bearer a' } }) },
  { form: 'pairs', init: () => ({ headers: [['X-Test', '1'], ['Authorization', 'Bearer a']] }) },
  { form: 'Headers', init: () => ({ headers: new Headers({ 'X-Test': '1', Authorization: 'Bearer a' }) }) },
  { form: 'a Map', init: () => ({ headers: new Map([['X-Test', '1'], ['Authorization', 'Bearer a']]) }) },
  { form: 'a function', init: () => ({ headers: () => ({ 'X-Test': '1', Authorization: 'Bearer a' }) }) },
  {
    form: 'an async function',
    init: () => ({ headers: async () => new Headers({ 'X-Test': '1', Authorization: 'Bearer a' }) }),
  },
]

const lastingInits = [
  { name: 'credentials: omit', init: { credentials: 'omit' }, header: 'cookie', sent: undefined },
  { name: 'credentials beats withCredentials', init: { credentials: 'omit', withCredentials: true }, header: 'cookie', sent: undefined },
  { name: 'referrerPolicy: no-referrer', init: { referrerPolicy: 'no-referrer' }, header: 'referer', sent: undefined },
  { name: 'an Accept of the caller', init: { headers: { accept: 'text/event-stream, application/json' } }, header: 'accept', sent: 'text/event-stream, application/json' },
]

const replays = [
  {
    name: 'POST cut off before any event is not sent again',
    first: SOON,
    interrupt: (exchange) => exchange.cut(),
    events: ['open', 'error'],
    requests: [undefined],
    error: { kind: 'network', willReconnect: false },
  },
  {
    name: 'POST cut off after a comment and an ID without a message is not sent again',
    first: `${SOON}: thinking\n\nid: 1\n\n`,
    interrupt: (exchange) => exchange.cut(),
    events: ['open', 'error'],
    requests: [undefined],
    error: { kind: 'network', willReconnect: false },
  },
  {
    name: 'POST cut off after an event without an ID is not sent again',
    first: `${SOON}data: a\n\n`,
    interrupt: (exchange) => exchange.cut(),
    events: ['open', 'message', 'error'],
    requests: [undefined],
    error: { kind: 'network', willReconnect: false },
  },
  {
    name: 'POST cut off after an event with an ID is sent again with it',
    first: `${SOON}id: 1\ndata: a\n\n`,
    interrupt: (exchange) => exchange.cut(),
    events: ['open', 'message', 'error', 'open'],
    requests: [undefined, '1'],
  },
  {
    name: 'POST cut off in mid event is sent again with the ID of the event before',
    first: `${SOON}id: 1\ndata: a\n\nid: 2\ndata: ha`,
    interrupt: (exchange) => exchange.cut(),
    events: ['open', 'message', 'error', 'open'],
    requests: [undefined, '1'],
  },
  {
    name: 'a POST that the server ends is over',
    first: `${SOON}id: 1\ndata: a\n\n`,
    interrupt: (exchange) => exchange.end(),
    events: ['open', 'message', 'error'],
    requests: [undefined],
    error: { kind: 'end', willReconnect: false },
  },
  {
    name: 'a POST that the server ends without any event is over too',
    first: SOON,
    interrupt: (exchange) => exchange.end(),
    events: ['open', 'error'],
    requests: [undefined],
    error: { kind: 'end', willReconnect: false },
  },
]

onEveryEngine('request', (stage) => {
  for (const { kind, init, type, sent } of bodies) {
    test(`the body of a POST is ${kind}, and is sent again`, async () => {
      const endpoint = stage.server.endpoint([hold(SOON), hold()])
      const source = await stage.open('ours', endpoint.url, { init: `() => ({ method: 'POST', reconnect: { replay: 'always' }, ...(${init})() })` })
      await source.until('open')
      ;(await endpoint.exchange(0)).cut()
      await source.until('open', 2)
      await source.close()
      for (const { method, headers, body } of endpoint.requests) {
        assert.equal(method, 'POST')
        matches(headers['content-type'], type)
        matches(body.toString(), sent)
      }
    })
  }

  for (const { form, init } of headerForms) {
    test(`headers are given as ${form}, and are sent again`, async () => {
      const endpoint = stage.server.endpoint([stream(SOON), hold()])
      const source = await stage.open('ours', endpoint.url, { init })
      await source.until('open', 2)
      await source.close()
      for (const { headers } of endpoint.requests) {
        assert.equal(headers['x-test'], '1')
        assert.equal(headers.authorization, 'Bearer a')
        assert.equal(headers.accept, 'text/event-stream')
        assert.equal(headers['cache-control'], 'no-cache')
      }
      assert.equal(endpoint.requests.length, 2)
    })
  }

  for (const { name, init, header, sent } of lastingInits) {
    test(`${name} holds for every attempt`, async () => {
      const endpoint = stage.server.endpoint([stream(SOON), hold()])
      const source = await stage.open('ours', endpoint.url, { init })
      await source.until('open', 2)
      await source.close()
      assert.deepEqual(endpoint.requests.map(({ headers }) => headers[header]), [sent, sent])
    })
  }

  for (const method of ['GET', 'get', 'POST', 'post', 'PUT', 'QUERY']) {
    test(`method ${method} is sent as fetch would`, async () => {
      const endpoint = stage.server.endpoint([hold()])
      const source = await stage.open('ours', endpoint.url, { init: { method } })
      await source.until('open')
      await source.close()
      assert.equal(endpoint.requests[0].method, method.toUpperCase())
    })
  }

  for (const { name, first, interrupt, events, requests, error } of replays) {
    test(name, async () => {
      const endpoint = stage.server.endpoint([hold(first), hold()])
      const source = await stage.open('ours', endpoint.url, { init: { method: 'POST', body: 'a=1' } })
      await source.until(['open', 'message'], events.indexOf('error'))
      interrupt(await endpoint.exchange(0))
      await source.until(['open', 'message', 'error'], events.length)
      const [details] = await source.errors()
      await source.close()
      assert.deepEqual((await source.read()).events.map(({ type }) => type), events)
      assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), requests)
      const { kind, willReconnect } = details
      assert.deepEqual({ kind, willReconnect }, error ?? { kind: 'network', willReconnect: true })
    })
  }

  test('functions are called for every attempt, with its details', async () => {
    const endpoint = stage.server.endpoint([hold(`${SOON}id: 1\ndata: a\n\n`), stream('id: 豆\ndata: b\n\n'), hold()])
    const source = await stage.open('ours', endpoint.url, {
      init: () => {
        const attempts = globalThis.attempts = []
        return {
          headers: (attempt) => {
            attempts.push(attempt)
            return { 'x-test': `${attempts.length}` }
          },
        }
      },
    })
    await source.until('message')
    ;(await endpoint.exchange(0)).cut()
    await source.until('open', 3)
    const told = () => stage.evaluate(() => globalThis.attempts.map(({ attempt, lastEventId, reason, signal }) =>
      ({ attempt, lastEventId, reason, aborted: signal.aborted, isSignal: signal instanceof AbortSignal })))
    assert.deepEqual(await told(), [
      { attempt: 0, lastEventId: '', reason: 'open', aborted: true, isSignal: true },
      { attempt: 1, lastEventId: '1', reason: 'network', aborted: true, isSignal: true },
      { attempt: 1, lastEventId: '豆', reason: 'end', aborted: false, isSignal: true },
    ])
    assert.deepEqual(endpoint.requests.map(({ headers }) => headers['x-test']), ['1', '2', '3'])
    await source.close()
    assert.equal((await told()).at(-1).aborted, true, 'the signal of the last attempt, after close()')
  })

  for (const { name, init = {}, until } of [
    { name: 'close()', until: (source) => source.close() },
    { name: 'the time to open', init: { timeouts: { openMs: 300 } }, until: (source) => source.until('error') },
  ]) {
    test(`a function that answers after ${name} makes no request`, async () => {
      const endpoint = stage.server.endpoint([hold()])
      const source = await stage.open('ours', endpoint.url, {
        init: `() => {
          const answer = new Promise((resolve) => { globalThis.answer = resolve })
          return { ...${JSON.stringify(init)}, headers: () => answer }
        }`,
      })
      await until(source)
      await stage.evaluate(() => { globalThis.answer({}) })
      await after(300)
      await source.close()
      assert.equal(endpoint.requests.length, 0)
      const kinds = (await source.errors()).map(({ kind }) => kind)
      assert.deepEqual(kinds, init.timeouts ? ['timeout'] : [])
    })
  }

  test('attempts are counted until one is announced', async () => {
    const endpoint = stage.server.endpoint([stream(SOON), hold()])
    const source = await stage.open('ours', endpoint.url, {
      init: () => {
        const attempts = globalThis.attempts = []
        return {
          headers: ({ attempt, reason }) => {
            attempts.push(`${attempt} ${reason}`)
            if (attempts.length === 2 || attempts.length === 3) throw new Error('no token')
            return {}
          },
        }
      },
    })
    await source.until('open', 2)
    assert.deepEqual(await stage.evaluate(() => globalThis.attempts), ['0 open', '1 end', '2 request', '3 request'])
    const errors = await source.errors()
    assert.deepEqual(errors.map(({ kind, attempt, cause }) => ({ kind, attempt, cause })), [
      { kind: 'end', attempt: 0, cause: null },
      { kind: 'request', attempt: 1, cause: 'Error: no token' },
      { kind: 'request', attempt: 2, cause: 'Error: no token' },
    ])
    await source.close()
  })

  test('the last event ID to begin with goes with the first request and into messages without one', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\nid: 2\ndata: b\n\n')])
    const source = await stage.open('ours', endpoint.url, { init: { lastEventId: '豆' } })
    await source.until('message', 2)
    await source.close()
    assert.equal(endpoint.requests[0].lastEventId, '豆')
    const { events } = await source.read()
    assert.deepEqual(events.filter(({ type }) => type === 'message').map(({ lastEventId }) => lastEventId), ['豆', '2'])
  })

  test('the last event ID beats a header of the caller', async () => {
    const endpoint = stage.server.endpoint([hold()])
    const source = await stage.open('ours', endpoint.url, { init: { lastEventId: '1', headers: { 'last-event-id': '2' } } })
    await source.until('open')
    await source.close()
    assert.equal(endpoint.requests[0].lastEventId, '1')
  })

  test('redirect: error makes a redirect a network error', async () => {
    const endpoint = stage.server.endpoint([redirect(302, '/never')])
    const source = await stage.open('ours', endpoint.url, { init: { redirect: 'error' } })
    await source.until('error')
    await source.close()
    assert.equal((await source.errors())[0].kind, 'network')
  })

  test('a function whose header value has a line break fails, and nothing is sent', async () => {
    const endpoint = stage.server.endpoint([hold()])
    const source = await stage.open('ours', endpoint.url, {
      init: () => ({ headers: () => ({ 'x-test': 'a\r\nx-evil: 1' }) }),
    })
    await source.until('error')
    await source.close()
    const [{ kind, cause }] = await source.errors()
    assert.equal(kind, 'blocked')
    assert.match(cause, /^TypeError: /)
    assert.equal(endpoint.requests.length, 0)
  })

  for (const { name, replies, before } of [
    { name: 'while connecting', replies: [silence], before: () => {} },
    { name: 'while open', replies: [hold('data: a\n\n')], before: (source) => source.until('message') },
  ]) {
    test(`aborting the signal ${name} closes the source, quietly`, async () => {
      const endpoint = stage.server.endpoint(replies)
      const source = await stage.open('ours', endpoint.url, {
        init: () => {
          globalThis.controller = new AbortController()
          return { signal: globalThis.controller.signal }
        },
      })
      await before(source)
      const { closed } = await endpoint.exchange(0)
      const { events } = await source.read()
      await stage.evaluate(() => globalThis.controller.abort())
      await closed
      assert.deepEqual((await source.read()).events, events, 'no event after the abort')
      assert.equal(await source.readyState(), 2)
    })
  }

  test('a source with an aborted signal is closed from the start, and requests nothing', async () => {
    const endpoint = stage.server.endpoint([hold()])
    const source = await stage.open('ours', endpoint.url, { init: () => ({ signal: AbortSignal.abort() }) })
    const { constructed, events } = await source.read()
    assert.equal(constructed.readyState, 2)
    assert.deepEqual(events, [])
    assert.equal(endpoint.requests.length, 0)
  })

  for (const [name, init] of [
    ['a body on a GET', () => ({ body: 'a' })],
    ['a forbidden method', () => ({ method: 'TRACE' })],
    ['a method that is no token', () => ({ method: 'A B' })],
    ['a header name that is no token', () => ({ headers: { 'a b': '1' } })],
    ['a header value with CR', () => ({ headers: { 'x-test': 'a\rx-evil: 1' } })],
    ['a header value with LF', () => ({ headers: { 'x-test': 'a\nx-evil: 1' } })],
    ['an unknown mode', () => ({ mode: 'loud' })],
  ]) {
    test(`${name} is a TypeError at construction`, async () => {
      const endpoint = stage.server.endpoint([hold()])
      await assert.rejects(stage.open('ours', endpoint.url, { init }), { name: 'TypeError' })
      assert.equal(endpoint.requests.length, 0)
    })
  }
})

function matches(actual, expected) {
  if (expected instanceof RegExp) assert.match(actual, expected)
  else assert.equal(actual, expected)
}
