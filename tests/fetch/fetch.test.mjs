/** The `fetch` that keeps event streams alive, in Node: what it passes through, and how it treats a stream. */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { holdAs, redirect, reply, silence, stream, streamAs, hold } from '../e2e/endpoint.mjs'
import { cuts } from '../faults/cuts.mjs'
import { Wire, head } from '../faults/wire.mjs'
import { afterEveryByte, eventStreamFetch, readAll, withServer } from './stage.mjs'

const EVENT_STREAM = { 'content-type': 'text/event-stream' }
/** An event stream as this `fetch` writes it, so that it comes out as it went in. */
const events = (...blocks) => blocks.map((block) => `${block}\n\n`).join('')
const numbered = events('retry: 100\nid: 1\ndata: a', 'id: 2\nevent: tick\ndata: é\ndata: 2', 'id: 3\ndata: ', 'id: 4\nevent: end\ndata: 😀')
const ended = ({ type }) => type === 'end'
const post = { method: 'POST', body: '{"n":1}', headers: { 'content-type': 'application/json' } }

describe('a response that is not an event stream, or should not be kept alive, is passed through', () => {
  const stage = withServer()

  for (const [name, answer, init, options] of [
    ['400 with JSON', reply(400, { 'content-type': 'application/json' }, '{"error":"bad"}'), post],
    ['429 with Retry-After', reply(429, { 'retry-after': '7' }, 'slow down'), post],
    ['500 with an event stream', reply(500, EVENT_STREAM, 'data: x\n\n')],
    ['200 with JSON', reply(200, { 'content-type': 'application/json' }, '{}')],
    ['200 with a type that only begins like it', reply(200, { 'content-type': 'text/event-streams' }, 'x')],
    ['204', reply(204)],
    ['no body, for HEAD', reply(200, EVENT_STREAM), { method: 'HEAD' }],
    ['one that `when` does not want', stream('data: x\n\n'), {}, { when: ({ status }) => status !== 200 }],
  ]) {
    test(name, async () => {
      const endpoint = stage.server.endpoint([answer])
      let given
      const answering = async (...request) => (given = await fetch(...request))
      const response = await eventStreamFetch({ fetch: answering, reconnect: true, ...options })(endpoint.url, init)
      assert.equal(response, given)
      await response.text()
      assert.equal(endpoint.requests.length, 1)
    })
  }

  test('fetch gets the same arguments, except for a signal that follows the one given', async () => {
    const calls = []
    const answering = async (...request) => calls.push(request) && new Response()
    const aborted = new AbortController()
    const request = new Request('http://stream.example/', { method: 'POST', body: 'a', signal: aborted.signal })
    await eventStreamFetch({ fetch: answering })(request, { dispatcher: 1 })
    const [[input, { signal, ...init }]] = calls
    assert.deepEqual([input === request, init, signal.aborted], [true, { dispatcher: 1 }, false])
    assert.equal(await request.text(), 'a')
    aborted.abort(new RangeError('enough'))
    assert.equal(signal.reason.message, 'enough')
  })

  test('the init may be null, as with fetch', async () => {
    const endpoint = stage.server.endpoint([stream(numbered)])
    assert.equal(await (await eventStreamFetch({ complete: ended })(endpoint.url, null)).text(), numbered)
  })

  test('what fetch rejects with', async () => {
    const broken = stage.server.endpoint([({ socket }) => new Wire(socket).reset()])
    await assert.rejects(eventStreamFetch({ reconnect: true })(broken.url), { name: 'TypeError', message: 'fetch failed' })
    const silent = stage.server.endpoint([silence])
    const controller = new AbortController()
    const answer = eventStreamFetch({ reconnect: true })(silent.url, { signal: controller.signal })
    await silent.exchange(0)
    controller.abort()
    await assert.rejects(answer, { name: 'AbortError' })
    assert.equal(broken.requests.length + silent.requests.length, 2)
  })
})

describe('an event stream', () => {
  const stage = withServer()

  test('has its status, headers and URL, and comes as it was sent', async () => {
    const after = stage.server.endpoint([streamAs({ ...EVENT_STREAM, 'x-request-id': '7', 'content-length': `${Buffer.byteLength(numbered)}` }, numbered)])
    const before = stage.server.endpoint([redirect(307, after.url)])
    const response = await eventStreamFetch({ complete: ended })(before.url, post)
    const { status, ok, url, redirected } = response
    assert.deepEqual({ status, ok, url, redirected }, { status: 200, ok: true, url: after.url, redirected: true })
    assert.deepEqual(['content-type', 'x-request-id', 'content-length'].map((name) => response.headers.get(name)), ['text/event-stream', '7', null])
    assert.equal(await response.text(), numbered)
  })

  for (const [name, sent, received] of [
    ['line ends', 'data: a\r\ndata: b\r\r\ndata: c\n\n', events('data: a\ndata: b', 'data: c')],
    ['an id alone at the end', 'data: a\n\nid: 7\n\n', events('data: a', 'id: 7')],
    ['retry alone', 'retry: 500\n\n', events('retry: 500')],
    ['the first retry, unless it is that of the class', 'retry: 3000\ndata: a\n\n', events('data: a')],
    ['every other retry', 'retry: 500\ndata: a\n\n', events('retry: 500\ndata: a')],
    ['an id that is taken back', 'id: 7\ndata: a\n\nid\ndata: b\n\n', events('id: 7\ndata: a', 'id: \ndata: b')],
    ['an id only where it is said', 'id: 7\ndata: a\n\ndata: b\n\n', events('id: 7\ndata: a', 'data: b')],
    ['spaces', 'data:  a \n\n:  b\n\n', events(':  b', 'data:  a ')],
    ['comments, before the messages that have come with them', 'data: a\n\n:b\ndata: c\n: d\n\n', events(': b', ': d', 'data: a', 'data: c')],
    ['an event that no blank line ends', 'data: a\n\ndata: b\n', events('data: a')],
    ['nothing', '', ''],
  ]) {
    test(`is written as a parser reads it: ${name}`, async () => {
      const endpoint = stage.server.endpoint([stream(sent)])
      assert.equal(await (await eventStreamFetch()(endpoint.url, post)).text(), received)
    })
  }

  test('that is read late loses nothing', async () => {
    const endpoint = stage.server.endpoint([stream(numbered)])
    const response = await eventStreamFetch()(endpoint.url, post)
    await (await endpoint.exchange(0)).over
    await new Promise((resolve) => { setTimeout(resolve, 50) })
    assert.equal(await response.text(), numbered)
  })

  test('its comments come while nothing else does, and are heard', async () => {
    const heard = []
    const endpoint = stage.server.endpoint([hold(': one\n\n')])
    const response = await eventStreamFetch({ onComment: (comment) => heard.push(comment) })(endpoint.url, post)
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    assert.equal((await reader.read()).value, ': one\n\n')
    const exchange = await endpoint.exchange(0)
    await exchange.write(':two\n\n')
    assert.equal((await reader.read()).value, ': two\n\n')
    assert.deepEqual(heard, ['one', 'two'])
    await reader.cancel()
    await exchange.closed
  })

  test('comments that nobody reads are not kept without end', async () => {
    const comment = `: ${'x'.repeat(1000)}\n\n`
    const endpoint = stage.server.endpoint([async (exchange) => {
      exchange.head(200, EVENT_STREAM)
      for (let count = 0; count < 2000; count += 1) await exchange.write(comment)
      exchange.end()
    }])
    let left = 2000
    let heardAll
    const all = new Promise((resolve) => { heardAll = resolve })
    const response = await eventStreamFetch({ onComment: () => (left -= 1) || heardAll() })(endpoint.url, post)
    await all
    const { length } = await response.text()
    assert.ok(length > 90_000 && length < 110_000, `${length}`)
  })

  test('that nobody reads applies backpressure to the server', async () => {
    const wires = []
    const endpoint = stage.server.endpoint([async ({ socket }) => {
      const wire = new Wire(socket)
      wires.push(wire)
      await wire.write(head())
      await wire.flood(Buffer.from(events(`data: ${'x'.repeat(10_000)}`)), 64 << 20)
    }])
    const response = await eventStreamFetch()(endpoint.url, post)
    const reader = response.body.getReader()
    await reader.read()
    let before
    do {
      before = wires[0].written
      await new Promise((resolve) => { setTimeout(resolve, 100) })
    } while (wires[0].written > before)
    assert.ok(before < 32 << 20, `${before}`)
    await reader.cancel()
    await (await endpoint.exchange(0)).closed
  })

  test('cancelling the body ends the request', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const response = await eventStreamFetch({ reconnect: true })(endpoint.url)
    await response.body.cancel()
    await (await endpoint.exchange(0)).closed
  })

  test('aborting it errors the body with the reason, as with fetch', async () => {
    for (const read of [fetch, eventStreamFetch({ reconnect: true })]) {
      const endpoint = stage.server.endpoint([hold('data: a\n\n')])
      const controller = new AbortController()
      const response = await read(new Request(endpoint.url, { signal: controller.signal }))
      const reader = response.body.getReader()
      await reader.read()
      controller.abort(new RangeError('enough'))
      await assert.rejects(reader.read(), { name: 'RangeError', message: 'enough' })
      await (await endpoint.exchange(0)).closed
    }
  })
})

describe('a stream that fails', () => {
  const stage = withServer()
  const text = Buffer.from(numbered)
  const withoutRest = (text) => text.replace(/^retry: .*\n/gm, '')

  for (const { name, cut } of cuts) {
    test(`a GET cut after any byte resumes: ${name}`, async () => {
      await afterEveryByte(text, async (part) => {
        const endpoint = stage.server.endpoint([
          ({ socket }) => cut(new Wire(socket), part),
          ({ request, socket }) => cuts[0].cut(new Wire(socket), afterId(request.lastEventId)),
        ])
        const response = await eventStreamFetch({ complete: ended, reconnect: true })(endpoint.url)
        assert.equal(withoutRest(await response.text()), withoutRest(numbered), `cut after ${part.length} bytes`)
      })
    })

    test(`a POST is not repeated, and its body errors: ${name}`, async () => {
      const sent = Buffer.from(events('data: a', 'data: b', 'event: end\ndata: c'))
      await afterEveryByte(sent, async (part) => {
        const endpoint = stage.server.endpoint([({ socket }) => cut(new Wire(socket), part)])
        const { text, error } = await readAll(await eventStreamFetch({ complete: ended, reconnect: true })(endpoint.url, post))
        const [whole] = /^(.*\n\n)?/s.exec(`${part}`)
        assert.deepEqual([text, endpoint.requests.length], [whole, 1])
        // Node's fetch takes some of these for a clean end.
        assert.ok(['truncated', 'network'].includes(error.cause.kind), error.message)
      })
    })
  }

  const afterId = (id = '0') => Buffer.from(numbered.slice(numbered.indexOf(`id: ${Number(id) + 1}\n`)))

  test('an end without `complete` is the end of a POST', async () => {
    const endpoint = stage.server.endpoint([stream('data: a\n\n')])
    assert.deepEqual(await readAll(await eventStreamFetch({ reconnect: true })(endpoint.url, post)), { text: 'data: a\n\n' })
  })

  const numberedA = 'retry: 1\nid: 1\ndata: a\n\n'
  const unnumbered = 'retry: 1\ndata: a\n\n'
  const rest = 'event: end\ndata: b\n\n'
  const ends = (exchange) => exchange.end()
  const breaks = (exchange) => exchange.cut()
  for (const [name, text, stops, init, options, outcome] of [
    ['the end of a GET is the end of the body', numberedA, ends, {}, {}, { requests: 1 }],
    ['so it is with `resume`', numberedA, ends, {}, { resume: 'query' }, { requests: 1 }],
    ['an end that is not complete resumes a GET with IDs', numberedA, ends, {}, { complete: ended }, { requests: 2 }],
    ['a break resumes a GET with IDs', numberedA, breaks, {}, {}, { requests: 2 }],
    ['a break resumes it in lower case, too', numberedA, breaks, { method: 'get' }, {}, { requests: 2 }],
    ['a break does not repeat a GET without IDs', unnumbered, breaks, {}, {}, { requests: 1, kind: 'network' }],
    ['a break does not repeat a POST with IDs', numberedA, breaks, post, {}, { requests: 1, kind: 'network' }],
    ['`resume` asks for that', numberedA, breaks, post, { resume: 'header' }, { requests: 2 }],
    ['`reconnect` asks for that', numberedA, breaks, post, { reconnect: true }, { requests: 2 }],
    ['`reconnect` repeats a GET that has ended', unnumbered, ends, {}, { reconnect: true }, { requests: 2 }],
    ['`reconnect: false` repeats nothing', numberedA, breaks, {}, { reconnect: false }, { requests: 1, kind: 'network' }],
  ]) {
    test(name, async () => {
      const endpoint = stage.server.endpoint([hold(text), hold(rest)])
      const response = await eventStreamFetch(options)(endpoint.url, init)
      const reader = response.body.getReader()
      await reader.read()
      stops(await endpoint.exchange(0))
      const error = await reader.read().catch((error) => error)
      assert.deepEqual({ requests: endpoint.requests.length, kind: error.cause?.kind }, { kind: undefined, ...outcome })
      await reader.cancel().catch(() => {})
    })
  }

  for (const { name, cut } of cuts.slice(0, 2)) {
    test(`its last ID comes before the error: ${name}`, async () => {
      const sent = 'id: 1\ndata: a\n\nid: 7\n\n'
      const endpoint = stage.server.endpoint([({ socket }) => cut(new Wire(socket), Buffer.from(sent))])
      const { text, error } = await readAll(await eventStreamFetch({ complete: ended, reconnect: false })(endpoint.url))
      assert.deepEqual([text, error instanceof Error], [sent, true])
    })
  }

  test('the ID of a message that is dropped by aborting does not come', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\nid: 2\ndata: b\n\n')])
    const controller = new AbortController()
    const reader = (await eventStreamFetch()(endpoint.url, { signal: controller.signal })).body.getReader()
    assert.equal(`${Buffer.from((await reader.read()).value)}`, 'id: 1\ndata: a\n\n')
    controller.abort(new RangeError('enough'))
    await assert.rejects(reader.read(), { message: 'enough' })
  })

  test('its last ID comes before the error, though a comment was what the reader waited for', async () => {
    const endpoint = stage.server.endpoint([hold(': one\n\n')])
    const response = await eventStreamFetch({ complete: ended, reconnect: false })(endpoint.url)
    const reader = response.body.getReader()
    const read = async () => `${Buffer.from((await reader.read()).value)}`
    assert.equal(await read(), ': one\n\n')
    const exchange = await endpoint.exchange(0)
    await exchange.write('id: 7\n\n')
    exchange.end()
    await exchange.over
    await new Promise((resolve) => { setTimeout(resolve, 50) })
    assert.equal(await read(), 'id: 7\n\n')
    await assert.rejects(read(), /before it was complete/)
  })

  test('silence', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const { text, error } = await readAll(await eventStreamFetch({ timeouts: { idleMs: 100 } })(endpoint.url, post))
    assert.equal(text, 'data: a\n\n')
    assert.deepEqual([error.cause.kind, error.message], ['timeout', 'nothing more arrived in time; closed, for the server may have carried the request out: `reconnect: { replay: "always" }` allows to repeat it'])
    await (await endpoint.exchange(0)).closed
  })

  test('a message that says so, which is delivered first', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\nevent: error\ndata: overloaded\n\ndata: b\n\n')])
    const complete = ({ type, data }) => (type === 'error' ? new RangeError(data) : false)
    const { text, error } = await readAll(await eventStreamFetch({ complete })(endpoint.url, post))
    assert.deepEqual([text, error.name, error.message], ['data: a\n\nevent: error\ndata: overloaded\n\n', 'RangeError', 'overloaded'])
    await (await endpoint.exchange(0)).closed
  })

  test('the status of a later request is what the body errors with', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 1\nid: 1\ndata: a\n\n'), reply(404)])
    const { text, error } = await readAll(await eventStreamFetch({ complete: ended })(endpoint.url))
    assert.deepEqual([text, error.cause.kind, error.cause.status], ['retry: 1\nid: 1\ndata: a\n\n', 'http', 404])
  })
})

describe('the request that goes on', () => {
  const stage = withServer()
  const first = stream('retry: 1\nid: 1\ndata: a\n\n')
  const last = stream('event: end\ndata: b\n\n')
  const again = { complete: ended, reconnect: { replay: 'always', maxBackoffMs: 0 } }

  for (const [name, make] of [
    ['from a URL and an init', (url) => [url, { ...post, headers: { ...post.headers, 'X-Test': '1' } }]],
    ['from a URL object', (url) => [new URL(url), { ...post, headers: new Headers({ ...post.headers, 'x-test': '1' }) }]],
    ['from a Request', (url) => [new Request(url, { ...post, headers: { ...post.headers, 'x-test': '1' } })]],
    ['from a Request and an init', (url) => [new Request(url, post), { headers: { ...post.headers, 'x-test': '1' }, signal: undefined }]],
    ['from bytes', (url) => [url, { ...post, body: Buffer.from(post.body), headers: { ...post.headers, 'x-test': '1' } }]],
  ]) {
    test(`is the same but for the last event ID: ${name}`, async () => {
      const endpoint = stage.server.endpoint([first, last])
      await (await eventStreamFetch(again)(...make(endpoint.url))).text()
      const [before, after] = endpoint.requests.map(({ method, body, headers }) => ({
        method, body: `${body}`, type: headers['content-type'], test: headers['x-test'], id: headers['last-event-id'],
      }))
      assert.deepEqual(before, { method: 'POST', body: post.body, type: 'application/json', test: '1', id: undefined })
      assert.deepEqual(after, { ...before, id: '1' })
    })
  }

  test('has every option that fetch knows, and those that only this fetch knows', async () => {
    const calls = []
    const answering = async (url, init) => calls.push([url, init]) && (calls.length === 1 ? new Response('retry: 1\nid: 1\ndata: a\n\n', { headers: EVENT_STREAM }) : new Response('event: end\ndata: b\n\n', { headers: EVENT_STREAM }))
    const init = { ...post, credentials: 'include', redirect: 'error', referrerPolicy: 'no-referrer', dispatcher: 'mine' }
    await (await eventStreamFetch({ ...again, fetch: answering })('http://stream.example/', init)).text()
    const [url, { signal, ...others }] = calls[1]
    assert.equal(url, 'http://stream.example/')
    assert.ok(signal instanceof AbortSignal)
    assert.deepEqual(others, { ...init, cache: 'no-store', headers: { accept: 'text/event-stream', 'content-type': 'application/json', 'last-event-id': '1' } })
  })

  test('has the last event ID of the caller until there is another', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 1\ndata: a\n\n'), first, last])
    await (await eventStreamFetch(again)(endpoint.url, { headers: { 'Last-Event-ID': Buffer.from('é').toString('latin1') } })).text()
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), ['é', 'é', '1'])
  })

  test('may be a GET where the first was a POST', async () => {
    const endpoint = stage.server.endpoint([first, last])
    const resume = (request) => Object.assign(request, { method: 'GET', body: null, url: new URL(`${request.url}?after=${request.lastEventId}`) })
    const response = await eventStreamFetch({ complete: ended, resume })(new Request(endpoint.url, post))
    assert.match(await response.text(), /data: a\n\nevent: end\ndata: b\n\n$/)
    assert.deepEqual(endpoint.requests.map(({ method, url, body }) => [method, url.split('?')[1], `${body}`]), [['POST', undefined, post.body], ['GET', 'after=1', '']])
  })

  test('is not made if the body was a stream', async () => {
    const endpoint = stage.server.endpoint([first, last])
    const body = new Blob([post.body]).stream()
    const { text, error } = await readAll(await eventStreamFetch(again)(endpoint.url, { ...post, body, duplex: 'half' }))
    assert.deepEqual([text, error.cause.kind], ['retry: 1\nid: 1\ndata: a\n\n', 'truncated'])
    assert.equal(endpoint.requests.length, 1)
  })

  test('goes to a relative URL as the first did, where the fetch of a server has a base', async () => {
    const endpoint = stage.server.endpoint([first, last])
    const { origin, pathname } = new URL(endpoint.url)
    const asked = []
    const based = (url, init) => asked.push(url) && fetch(origin + url, init)
    assert.match(await (await eventStreamFetch({ ...again, fetch: based })(`${pathname}?q=%20`)).text(), /event: end\ndata: b\n\n$/)
    assert.deepEqual(asked, Array(2).fill(`${pathname}?q=%20`))
  })
})

describe('options', () => {
  const stage = withServer()

  for (const [options, message] of [
    [{ timeout: 1 }, /there is no option "timeout"/],
    [{ complete: true }, /complete must be a function, not true/],
    [{ when: true }, /when must be a function/],
    [{ trace: 5 }, /trace must be a function, not 5/],
    [{ timeouts: { idleMs: 0 } }, /timeouts\.idleMs/],
  ]) {
    test(`${JSON.stringify(options)} is refused, before there is a request`, async () => {
      assert.throws(() => eventStreamFetch(options), { name: 'TypeError', message })
      const endpoint = stage.server.endpoint([stream('data: a\n\n')])
      await assert.rejects(eventStreamFetch(() => options)(endpoint.url, post), { name: 'TypeError', message })
      assert.equal(endpoint.requests.length, 0)
    })
  }

  for (const [name, options, init, message] of [
    ['`when` throws', { when: () => { throw new RangeError('none') } }, post, 'none'],
    ['the body is one that no request could repeat', {}, { ...post, body: { toString: () => 'x' } }, /body must be text/],
  ]) {
    test(`${name}: fetch rejects, and the request ends`, async () => {
      const endpoint = stage.server.endpoint([hold('data: a\n\n')])
      await assert.rejects(eventStreamFetch(options)(endpoint.url, init), { message })
      await (await endpoint.exchange(0)).closed
      let cancelled = 0
      const answering = async () => new Response(new ReadableStream({ cancel: () => { cancelled += 1 } }), { headers: EVENT_STREAM })
      await assert.rejects(eventStreamFetch({ ...options, fetch: answering })(endpoint.url, init), { message })
      assert.equal(cancelled, 1)
    })
  }

  test('a function is called for each request; if it throws, fetch rejects', async () => {
    const endpoint = stage.server.endpoint([stream('data: a\n\ndata: b\n\n'), stream('data: a\n\ndata: b\n\n')])
    const asked = []
    const counting = eventStreamFetch((url, init) => {
      let left = init.count
      asked.push(url)
      return { complete: () => (left -= 1) === 0 }
    })
    assert.deepEqual(await Promise.all([1, 2].map(async (count) => (await counting(endpoint.url, { ...post, count })).text())), ['data: a\n\n', 'data: a\n\ndata: b\n\n'])
    assert.deepEqual(asked, [endpoint.url, endpoint.url])
    await assert.rejects(eventStreamFetch(() => { throw new RangeError('none') })(endpoint.url), { message: 'none' })
    assert.equal(endpoint.requests.length, 2)
  })

  test('trace hears of the stream alone, not of the check of the options', async () => {
    const endpoint = stage.server.endpoint([stream('data: a\n\n'), reply(404)])
    const types = []
    const traced = eventStreamFetch({ reconnect: false, trace: ({ type }) => { types.push(type) } })
    await new Promise((resolve) => { setTimeout(resolve) })
    assert.deepEqual(types, [])
    await readAll(await traced(endpoint.url))
    await traced(endpoint.url)
    assert.deepEqual(types, ['request', 'response', 'open', 'batch', 'delivered', 'decision', 'close'])
  })
})

describe('comments count as activity', () => {
  const stage = withServer()
  test('each comment restarts the idle timer', async () => {
    const endpoint = stage.server.endpoint([async (exchange) => {
      await holdAs(EVENT_STREAM, 'data: a\n\n')(exchange)
      for (let count = 0; count < 6; count += 1) {
        await new Promise((resolve) => { setTimeout(resolve, 100) })
        await exchange.write(': alive\n\n')
      }
      await exchange.write('data: b\n\n')
      exchange.end()
    }])
    const { text, error } = await readAll(await eventStreamFetch({ timeouts: { idleMs: 400 } })(endpoint.url, post))
    assert.equal(error, undefined)
    assert.match(text, /^data: a\n\n(: alive\n\n){6}data: b\n\n$/)
  })
})
