/** When hooks connect, reconnect and close, as the server sees it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, redirect, reply, silence, stream } from '../e2e/endpoint.mjs'
import { onEveryFramework } from './stage.mjs'

/** A network error in every browser: nothing can be fetched from this port. */
const unreachable = redirect(302, 'http://127.0.0.1:1/')

onEveryFramework('connections', (stage) => {
  const takeLog = () => stage.evaluate(() => globalThis.log.splice(0))

  test('two components that make one request share a connection, which closes after the last of them', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n')])
    const first = await stage.mount(endpoint.url)
    await first.until(({ data }) => data === '1')
    const second = await stage.mount(endpoint.url, () => ({ headers: {}, history: 1 }))
    assert.equal((await second.until(({ data }) => data === '1')).status, 'open', 'a late one begins with what the first has')

    const exchange = await endpoint.exchange(0)
    await first.unmount()
    await exchange.write('data: 2\n\n')
    await second.until(({ data }) => data === '2')
    await second.unmount()
    await exchange.closed
    assert.equal(endpoint.requests.length, 1)
  })

  test('components whose requests differ have connections of their own', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n'), hold('data: 2\n\n'), hold('data: 3\n\n')])
    const data = async (options) => (await (await stage.mount(endpoint.url, options)).until(({ data }) => data)).data
    assert.equal(await data(() => ({ headers: { 'x-test': 'a' } })), '1')
    assert.equal(await data(() => ({ headers: { 'x-test': 'b' } })), '2')
    assert.equal(await data(() => ({ headers: { 'x-test': 'b' }, method: 'PUT' })), '3')
    assert.equal(await data(() => ({ headers: new Headers({ 'x-test': 'a' }) })), '1')
  })

  for (const options of [
    '{ reconnect: true }',
    '{ reconnect: { maxAttempts: 3 } }',
    '{ reconnect: { decide() {} } }',
    '{ timeouts: { idleMs: 100000 } }',
    '{ limits: { maxEventBytes: 1000 } }',
    '{ dedupe: 9 }',
    "{ resume: 'query' }",
    '{ resume() {} }',
    "{ events: 'platform' }",
    "{ mode: 'same-origin' }",
    "{ redirect: 'error' }",
    "{ lastEventId: '5' }",
    '{ complete: () => false }',
    '{ onComment() {} }',
    '{ trace() {} }',
    '{ store: { get() {}, set() {} } }',
  ]) {
    test(`a component with ${options} has a connection of its own, where its options count`, async () => {
      const endpoint = stage.server.endpoint([hold('data: 1\n\n'), hold('data: 2\n\n')])
      await (await stage.mount(endpoint.url)).until(({ data }) => data === '1')
      await (await stage.mount(endpoint.url, `() => (${options})`)).until(({ data }) => data === '2')
      await (await stage.mount(endpoint.url, `() => (${options})`)).until(({ data }) => data === '2')
    })
  }

  test('equivalent options are the same request', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n'), hold('data: 2\n\n')])
    const data = async (options) => (await (await stage.mount(endpoint.url, options)).until(({ data }) => data)).data
    assert.equal(await data(() => ({ reconnect: { maxAttempts: 3, stableMs: 1 }, dedupe: 9, method: undefined })), '1')
    assert.equal(await data(() => ({ dedupe: 9, reconnect: { stableMs: 1, maxAttempts: 3 }, withCredentials: false })), '1')
  })

  test('components that share a connection all get its comments, and each can say that it is complete', async () => {
    const endpoint = stage.server.endpoint([hold(':a\ndata: 1\n\n')])
    const first = await stage.mount(endpoint.url, () => ({
      onComment: (comment) => { globalThis.log.push(`first ${comment}`) },
      complete: ({ data }) => data === 'done',
    }))
    await first.until(({ data }) => data === '1')
    const second = await stage.mount(endpoint.url, () => ({
      onComment: (comment) => { globalThis.log.push(`second ${comment}`) },
      complete: () => { throw new Error('of complete') },
    }))
    await second.until(({ data }) => data === '1')
    await takeLog()
    const exchange = await endpoint.exchange(0)
    await exchange.write(':b\ndata: done\n\n')
    await second.until(({ status }) => status === 'done')
    assert.deepEqual(await takeLog(), ['first b', 'second b'])
    await exchange.closed
    assert.equal((await stage.browser.takeUncaught()).length, 1)
    assert.equal(endpoint.requests.length, 1)
  })

  test('of those who share a connection, all hear what happens on it', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n')])
    const options = (name) => `() => ({ trace: ({ type }) => { if (type === 'close') globalThis.log.push('${name}') } })`
    const mounted = []
    for (const name of ['first', 'second']) mounted.push(await stage.mount(endpoint.url, options(name)))
    for (const one of mounted) await one.until(({ data }) => data === '1')
    await mounted[0].call('close')
    await mounted[1].until(({ status }) => status === 'closed')
    assert.deepEqual((await takeLog()).sort(), ['first', 'second'])
  })

  for (const [first, second, expected] of [
    ['false', "'ending'", { status: 'done' }],
    ["'ending'", 'true', { status: 'done' }],
    ['true', "new Error('overloaded')", { status: 'failed', kind: 'application' }],
    ["new Error('overloaded')", "'ending'", { status: 'failed', kind: 'application' }],
  ]) {
    test(`components that share a connection: one says ${first} and another ${second} of a message`, async () => {
      const endpoint = stage.server.endpoint([hold('data: 1\n\n')])
      const options = (answer) => `() => ({ complete: ({ data }) => data === 'last' && ${answer} })`
      await (await stage.mount(endpoint.url, options(first))).until(({ data }) => data === '1')
      const mounted = await stage.mount(endpoint.url, options(second))
      await mounted.until(({ data }) => data === '1')
      const exchange = await endpoint.exchange(0)
      await exchange.write('data: last\n\n')
      exchange.end()
      const { status, error } = await mounted.until(({ isStopped }) => isStopped)
      assert.deepEqual({ status, kind: error?.kind }, { kind: undefined, ...expected })
      assert.equal(endpoint.requests.length, 1)
    })
  }

  test('a component that has left a shared connection no longer affects it', async () => {
    const endpoint = stage.server.endpoint([hold('retry: 1\ndata: 1\n\n'), hold('data: 2\n\n')])
    const staying = await stage.mount(endpoint.url, () => ({ key: 'k', headers: () => ({ 'x-test': 'staying' }) }))
    await staying.until(({ data }) => data === '1')
    const leaving = await stage.mount(endpoint.url, () => ({ key: 'k', headers: () => ({ 'x-test': 'leaving' }) }))
    await leaving.until(({ data }) => data === '1')
    await leaving.render({ options: () => ({ key: 'k', enabled: false, headers: () => ({ 'x-test': 'left' }) }) })
    await leaving.until(({ status }) => status === 'idle')
    ;(await endpoint.exchange(0)).end()
    await staying.until(({ data }) => data === '2')
    assert.equal(endpoint.requests[1].headers['x-test'], 'staying')
  })

  test('the latest render decides about an error', async () => {
    const endpoint = stage.server.endpoint([hold('retry: 1\ndata: 1\n\n'), hold('data: 2\n\n')])
    const mounted = await stage.mount(endpoint.url, () => ({ reconnect: { decide: () => 0 } }))
    await mounted.until(({ data }) => data === '1')
    await mounted.render({ options: () => ({ reconnect: { decide: () => 'stop' }, select: (data) => `again ${data}` }) })
    await mounted.until(({ data }) => data === 'again 1')
    ;(await endpoint.exchange(0)).end()
    await mounted.until(({ isStopped }) => isStopped)
    assert.equal(endpoint.requests.length, 1)
  })

  test('a store gives the first last event ID and gets every later one, also as an inline object', async () => {
    const endpoint = stage.server.endpoint([hold('id: 8\ndata: a\n\n')])
    const options = () => ({ store: { get: () => '7', set: (id) => { globalThis.log.push(id) } } })
    const mounted = await stage.mount(endpoint.url, options)
    await mounted.until(({ lastEventId }) => lastEventId === '8')
    await mounted.render({ options })
    await mounted.unmount()
    await (await endpoint.exchange(0)).closed
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), ['7'])
    assert.deepEqual(await takeLog(), ['8'])
  })

  test('sessionStore() can be written inline, and resumes after a reload', async () => {
    const endpoint = stage.server.endpoint([hold('id: 5\ndata: a\n\n'), hold('id: 6\ndata: b\n\n')])
    const options = () => ({ store: sessionStore(location.pathname), select: (data) => data })
    const mounted = await stage.mount(endpoint.url, options)
    await mounted.until(({ data }) => data === 'a')
    await mounted.render({ options })
    await stage.browser.goto(stage.pageUrl)
    await (await stage.mount(endpoint.url, options)).until(({ data }) => data === 'b')
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '5'])
  })

  test('a component that goes while it connects leaves nothing behind', async () => {
    const endpoint = stage.server.endpoint([silence])
    const mounted = await stage.mount(endpoint.url)
    const { closed } = await endpoint.exchange(0)
    await mounted.unmount()
    await closed
    assert.equal(endpoint.requests.length, 1)
  })

  test('a component that is replaced by another of its kind passes on its connection', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n')])
    const mounted = await stage.mount(endpoint.url)
    await mounted.until(({ data }) => data === '1')
    await mounted.remount()
    await (await endpoint.exchange(0)).write('data: 2\n\n')
    await mounted.until(({ data }) => data === '2')
    assert.equal(endpoint.requests.length, 1)
  })

  test('rendering again with inline options of equal values changes nothing', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n')])
    const options = () => ({
      method: 'POST',
      headers: { 'x-test': 'a' },
      body: new URLSearchParams({ a: '1' }),
      parse: (text) => Number(text),
      onEvent: () => {},
      types: ['message'],
    })
    const mounted = await stage.mount(endpoint.url, options)
    await mounted.until(({ data }) => data === 1)
    for (let times = 0; times < 5; times += 1) await mounted.render({ options })
    await (await endpoint.exchange(0)).write('data: 2\n\n')
    await mounted.until(({ data }) => data === 2)
    assert.equal(endpoint.requests.length, 1)
  })

  test('another URL is another connection, and the old data is gone', async () => {
    const old = stage.server.endpoint([hold('data: old\n\n')])
    const next = stage.server.endpoint([silence])
    const mounted = await stage.mount(old.url)
    await mounted.until(({ data }) => data === 'old')
    await mounted.render({ url: next.url })
    await (await old.exchange(0)).closed
    const { status } = await mounted.until(({ data }) => data === undefined)
    assert.equal(status, 'connecting')
    await next.exchange(0)
  })

  test('another header value repeats the request after the last event, and keeps the state', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('id: 2\ndata: b\n\n')])
    const options = (token) => `() => ({ headers: { authorization: '${token}' }, reducer: (text, { data }) => text + data, initialState: '' })`
    const [one, other] = [await stage.mount(endpoint.url, options('a')), await stage.mount(endpoint.url, options('a'))]
    for (const mounted of [one, other]) await mounted.until(({ data }) => data === 'a')
    for (const mounted of [one, other]) await mounted.render({ options: options('b') })
    for (const mounted of [one, other]) await mounted.until(({ data }) => data === 'ab')
    await (await endpoint.exchange(0)).closed
    const late = await stage.mount(endpoint.url, options('b'))
    await late.until(({ data }) => data === 'ab')
    assert.deepEqual(endpoint.requests.map(({ headers, lastEventId }) => [headers.authorization, lastEventId]), [['a', undefined], ['b', '1']])
  })

  test('a header that differs in every render reconnects at most once, and warns the developer once', async () => {
    const endpoint = stage.server.endpoint(Array.from({ length: 20 }, () => hold('data: a\n\n')))
    await stage.evaluate(() => { console.warn = (text) => globalThis.log.push(text) })
    const options = () => ({ headers: { 'x-test': `${Math.random()}` }, flush: 'microtask' })
    const mounted = await stage.mount(endpoint.url, options)
    await mounted.until(({ data }) => data === 'a')
    for (let times = 0; times < 5; times += 1) await mounted.render({ options })
    await (await endpoint.exchange(endpoint.requests.length - 1)).write('data: b\n\n')
    await mounted.until(({ data }) => data === 'b')
    assert.ok(endpoint.requests.length <= 2, `${endpoint.requests.length} requests`)
    const [warning, ...more] = await takeLog()
    assert.match(warning, /^eventsource-wasm: a header differs in every rendering/)
    assert.deepEqual(more, [])
  })

  test('the same headers written in another way are the same request', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n'), hold('data: 2\n\n')])
    const data = async (options) => (await (await stage.mount(endpoint.url, options)).until(({ data }) => data)).data
    assert.equal(await data(() => ({ headers: { Authorization: 'a', accept: 'x' } })), '1')
    assert.equal(await data(() => ({ headers: [['accept', 'x'], ['authorization', 'a']] })), '1')
  })

  test('bodies that differ in kind are not the same request', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n'), hold('data: 2\n\n')])
    const data = async (options) => (await (await stage.mount(endpoint.url, options)).until(({ data }) => data)).data
    assert.equal(await data(() => ({ method: 'POST', body: 'a=1' })), '1')
    assert.equal(await data(() => ({ method: 'POST', body: new URLSearchParams('a=1') })), '2')
  })

  for (const [what, options, hook, message] of [
    ['signal', () => ({ signal: new AbortController().signal }), 'useEventSource', /^signal is not an option/],
    ['a plain object as body', () => ({ method: 'POST', body: { a: 1 } }), 'useEventSource', /JSON\.stringify/],
    ['a body', () => ({ body: 'a' }), 'useEventStream', /^body is not an option/],
    ['reconnect', () => ({ reconnect: true }), 'useEventStream', /^reconnect is not an option/],
    ['signal', () => ({ signal: new AbortController().signal }), 'useEventStream', /^signal is not an option/],
    ['a time before now', () => ({ keepAliveMs: -1 }), 'useEventSource', /^keepAliveMs must be/],
  ]) {
    test(`${what} is refused by name in ${hook}`, async () => {
      await assert.rejects(stage.bundle.render({ url: '/never', options: String(options), hook }), { message })
    })
  }

  for (const url of [null, undefined, false, '']) {
    test(`${JSON.stringify(url) ?? 'undefined'} for a URL is no connection`, async () => {
      const mounted = await stage.mount(url)
      const { status, isStopped } = await mounted.until(({ status }) => status === 'idle')
      assert.deepEqual([status, isStopped], ['idle', true])
    })
  }

  test('the order of types makes no difference', async () => {
    const endpoint = stage.server.endpoint([hold('event: a\ndata: 1\n\n', 'event: b\ndata: 2\n\n')])
    const options = (types) => `() => ({ types: ${JSON.stringify(types)}, reducer: (text, { data }) => text + data, initialState: '' })`
    const mounted = await stage.mount(endpoint.url, options(['a', 'b']))
    await mounted.until(({ data }) => data === '12')
    await mounted.render({ options: options(['b', 'a']) })
    await (await endpoint.exchange(0)).write('event: a\ndata: 3\n\n')
    await mounted.until(({ data }) => data === '123')
    assert.equal(endpoint.requests.length, 1)
  })

  test('another function for the headers changes nothing, and is the one that is called for the next attempt', async () => {
    const endpoint = stage.server.endpoint([hold('retry: 1\ndata: 1\n\n'), hold('data: 2\n\n')])
    const mounted = await stage.mount(endpoint.url, () => ({ headers: () => ({ authorization: 'a' }) }))
    await mounted.until(({ data }) => data === '1')
    await mounted.render({ options: () => ({ headers: () => ({ authorization: 'b' }), history: 1 }) })
    ;(await endpoint.exchange(0)).end()
    await mounted.until(({ data }) => data === '2')
    assert.deepEqual(endpoint.requests.map(({ headers }) => headers.authorization), ['a', 'b'])
  })

  test('requests with functions are shared by key alone', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n'), hold('data: 2\n\n'), hold('data: 3\n\n')])
    const data = async (options) => (await (await stage.mount(endpoint.url, options)).until(({ data }) => data)).data
    assert.equal(await data(() => ({ headers: () => ({}) })), '1')
    assert.equal(await data(() => ({ headers: () => ({}) })), '2')
    assert.equal(await data(() => ({ headers: () => ({}), key: 'k' })), '3')
    assert.equal(await data(() => ({ headers: () => ({}), key: 'k' })), '3')
  })

  test('without a URL, and with enabled: false, nothing is requested', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: 1\n\n'), hold('id: 2\ndata: 2\n\n')])
    const mounted = await stage.mount(null)
    const nothing = await mounted.until(({ status }) => status === 'idle')
    assert.equal(nothing.readyState, 2)
    assert.equal(nothing.isStopped, true)

    await mounted.render({ url: endpoint.url, options: () => ({ enabled: false }) })
    await mounted.until(({ status }) => status === 'idle')
    assert.equal(endpoint.requests.length, 0)

    await mounted.render({ options: () => ({ enabled: true }) })
    await mounted.until(({ data }) => data === '1')
    await mounted.render({ options: () => ({ enabled: false }) })
    const paused = await mounted.until(({ status }) => status === 'idle')
    assert.equal(paused.data, '1', 'what was shown stays')
    await (await endpoint.exchange(0)).closed

    await mounted.render({ options: () => ({ enabled: true }) })
    await mounted.until(({ data }) => data === '2')
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '1'])
  })

  test('an interruption is shown as reconnecting, with the error and the time of the next request', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 100000\nid: 1\ndata: a\n\n'), hold('data: b\n\n')])
    const before = Date.now()
    const mounted = await stage.mount(endpoint.url)
    const waiting = await mounted.until(({ status }) => status === 'reconnecting')
    const { data, readyState, isStopped, error, attempt, nextRetryAt } = waiting
    assert.deepEqual({ data, readyState, isStopped, attempt }, { data: 'a', readyState: 0, isStopped: false, attempt: 1 })
    assert.equal(error.kind, 'end')
    assert.equal(error.willReconnect, true)
    assert.ok(nextRetryAt >= before + 100_000 && nextRetryAt <= Date.now() + 100_000)

    await mounted.call('reconnect')
    const again = await mounted.until(({ data }) => data === 'b')
    assert.equal(again.error, undefined)
    assert.equal(again.nextRetryAt, undefined)
    assert.equal(again.attempt, 0)
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '1'])
  })

  test('reconnect while connected replaces the connection, which is no error', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('data: b\n\n')])
    const mounted = await stage.mount(endpoint.url, () => ({ onError: ({ kind }) => { globalThis.log.push(kind) } }))
    await mounted.until(({ data }) => data === 'a')
    await mounted.call('restartConnection')
    await mounted.until(({ data, status }) => data === 'b' && status === 'open')
    await (await endpoint.exchange(0)).closed
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '1'])
    assert.deepEqual(await stage.evaluate(() => globalThis.log), [])
  })

  test('attempts are counted while none succeeds', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 1\n\n'), unreachable, unreachable, hold('data: now\n\n')])
    const options = () => ({ flush: 'microtask', onError: ({ kind, attempt }) => { globalThis.log.push(`${kind} ${attempt}`) } })
    const mounted = await stage.mount(endpoint.url, options)
    await mounted.until(({ data }) => data === 'now')
    assert.deepEqual(await stage.evaluate(() => globalThis.log), ['end 0', 'network 1', 'network 2'])
  })

  test('a refusal is shown as failed, until restartConnection', async () => {
    const endpoint = stage.server.endpoint([reply(404), hold('data: a\n\n')])
    const mounted = await stage.mount(endpoint.url)
    const { readyState, isStopped, error } = await mounted.until(({ status }) => status === 'failed')
    assert.deepEqual([readyState, isStopped, error.kind, error.willReconnect], [2, true, 'http', false])
    await mounted.call('restartConnection')
    const { eventData, error: none } = await mounted.until(({ isStopped, eventData }) => !isStopped && eventData)
    assert.equal(eventData, 'a')
    assert.equal(none, undefined)
  })

  test('close stops the connection for all who share it, and reconnect resumes it', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('data: b\n\n')])
    const [one, other] = [await stage.mount(endpoint.url), await stage.mount(endpoint.url)]
    await one.until(({ data }) => data === 'a')
    await one.call('closeConnection')
    await (await endpoint.exchange(0)).closed
    for (const mounted of [one, other]) {
      const { data, isStopped, error } = await mounted.until(({ status }) => status === 'closed')
      assert.deepEqual([data, isStopped, error], ['a', true, undefined])
    }
    await other.call('reconnect')
    await one.until(({ data }) => data === 'b')
    assert.equal(endpoint.requests.at(-1).lastEventId, '1')
  })

  test('the class is an option', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n')])
    const mounted = await stage.mount(endpoint.url, () => ({ EventSource: globalThis.EventSource }))
    const { data, status, lastEventId } = await mounted.until(({ data }) => data)
    assert.deepEqual([data, status, lastEventId], ['a', 'open', '1'])
    assert.equal(endpoint.requests[0].headers['sec-fetch-dest'], 'empty')
    assert.equal(endpoint.requests[0].headers['cache-control'], 'no-cache')
  })

  test('an invalid URL is shown as an error and does not break the application', async () => {
    const mounted = await stage.mount('http://', () => ({ onError: ({ kind }) => { globalThis.log.push(kind) } }))
    const { error, readyState } = await mounted.until(({ status }) => status === 'failed')
    assert.equal(error.kind, 'init')
    assert.equal(readyState, 2)
    assert.deepEqual(await takeLog(), ['init'])
  })
})
