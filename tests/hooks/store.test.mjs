/** The store under all hooks, in Node, and Vue's effects over it. */

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { EventSource } from 'eventsource-wasm'
import { EventStore, StreamStore } from 'eventsource-wasm/store'
import { eventSourceDefaults, useEventSource, useEventStream } from 'eventsource-wasm/vue'
import { createApp, effectScope, nextTick, ref, watchEffect } from 'vue'
import { hold, stream } from '../e2e/endpoint.mjs'
import { Server } from '../e2e/server.mjs'

let server
before(async () => { server = await Server.start() })
after(() => server.close())

const given = (options) => ({ EventSource, flush: 'microtask', ...options })

/** A store that is shown, and how to wait until its snapshot is as wanted. */
function shown(store) {
  const waiting = new Set()
  const leave = store.subscribe(() => { for (const look of waiting) look() })
  const until = (isWanted) => new Promise((resolve) => {
    const look = () => {
      if (!isWanted(store.getSelected())) return
      waiting.delete(look)
      resolve(store.getSelected())
    }
    waiting.add(look)
    look()
  })
  return { until, leave }
}

describe('a store', () => {
  test('onEvent that configures the store is called once for an event', async () => {
    const { url } = server.endpoint([hold('data: a\n\n', 'data: b\n\n')])
    const heard = []
    const options = () => given({
      onEvent: ({ data }) => {
        heard.push(data)
        if (heard.length < 10) store.configure(url, options())
      },
    })
    const store = new EventStore(url, options())
    const { until, leave } = shown(store)
    await until(({ data }) => data === 'b')
    assert.deepEqual(heard, ['a', 'b'])
    leave()
  })

  test('reconnect() makes a request even while a failure is being reported', async () => {
    const { promise: isRead, resolve: read } = deferred()
    const { url } = server.endpoint([hold('data: a\n\n')])
    const answers = [
      // An error's body is quoted, so the source is not closed before it has been read.
      () => new Response(new ReadableStream({ pull: () => { read() } }, { highWaterMark: 0 }), { status: 404 }),
      fetch,
    ]
    const store = new EventStore(url, given({ key: 'k', fetch: (...request) => answers.shift()(...request) }))
    const { until, leave } = shown(store)
    await isRead
    store.reconnect()
    await until(({ data }) => data === 'a')
    leave()
  })

  test('reconnect() of a body that can be sent once is a failure, and no exception', async () => {
    const endpoint = server.endpoint([hold('data: a\n\n')])
    const store = new EventStore(endpoint.url, given({ method: 'POST', body: new Blob(['x']).stream() }))
    const { until, leave } = shown(store)
    await until(({ data }) => data === 'a')
    store.reconnect()
    await until(({ isError }) => isError)
    assert.equal(endpoint.requests.length, 1)
    leave()
  })

  test('keepPreviousData keeps it over a first event that cannot be decoded', async () => {
    const first = server.endpoint([hold('data: 1\n\n')])
    const second = server.endpoint([hold('data: oops\n\n', 'data: 2\n\n')])
    const options = () => given({ parse: JSON, keepPreviousData: true })
    const store = new EventStore(first.url, options())
    const { until, leave } = shown(store)
    await until(({ data }) => data === 1)
    const seen = []
    const unsubscribe = store.subscribe(() => seen.push(store.getSnapshot().data))
    store.configure(second.url, options())
    await until(({ data }) => data === 2)
    assert.ok(!seen.includes(undefined), `${seen}`)
    unsubscribe()
    leave()
  })

  test('another URL ends a close() of the component alone', async () => {
    const first = server.endpoint([hold('data: a\n\n')])
    const second = server.endpoint([hold('data: b\n\n')])
    const store = new EventStore(first.url, given())
    const { until, leave } = shown(store)
    await until(({ data }) => data === 'a')
    store.close('component')
    store.configure(second.url, given())
    await until(({ data }) => data === 'b')
    leave()
  })

  test('with immediate: false, another URL waits for reconnect() again', async () => {
    const first = server.endpoint([hold('data: a\n\n')])
    const second = server.endpoint([hold('data: b\n\n')])
    const store = new EventStore(first.url, given({ immediate: false }))
    const { until, leave } = shown(store)
    store.reconnect()
    await until(({ data }) => data === 'a')
    store.configure(second.url, given({ immediate: false }))
    assert.equal(store.getSnapshot().status, 'idle')
    store.reconnect()
    await until(({ data }) => data === 'b')
    assert.equal(second.requests.length, 1)
    leave()
  })

  for (const types of ['price', 7]) {
    test(`types: ${JSON.stringify(types)} is refused by name`, () => {
      assert.throws(() => new EventStore('http://localhost/', given({ types })), { name: 'TypeError', message: /^types must be a list/ })
    })
  }
})

describe('a stream that answers a request', () => {
  test('send resolves to what data is, after select', async () => {
    const { url } = server.endpoint([stream('data: hello\n\n')])
    const store = new StreamStore(url, given({ select: (text) => text?.toUpperCase() }))
    const { leave } = shown(store)
    assert.equal(await store.send({}), 'HELLO')
    leave()
  })

  test('toBody that throws: send rejects, the turns stay, no request is made', async () => {
    const endpoint = server.endpoint([stream('data: hello\n\n')])
    const store = new StreamStore(endpoint.url, given({ messages: [] }))
    const { leave } = shown(store)
    await store.send('one')
    const { messages } = store.getSnapshot()
    store.configure(endpoint.url, given({ messages: [], toBody: () => { throw new Error('no body') } }))
    await assert.rejects(store.send('two'), { message: 'no body' })
    store.configure(endpoint.url, given({ messages: [] }))
    store.flush(true)
    assert.deepEqual(store.getSnapshot().messages, messages)
    assert.equal(endpoint.requests.length, 1)
    leave()
  })

  test('initial turns may come with a later configuration', async () => {
    const { url } = server.endpoint([stream('data: hello\n\n')])
    const store = new StreamStore(url, given())
    const { leave } = shown(store)
    const system = { role: 'system', content: 'be brief' }
    store.configure(url, given({ messages: [system] }))
    await store.send('hi')
    store.flush(true)
    assert.deepEqual(store.getSnapshot().messages, [system, { role: 'user', content: 'hi' }, { role: 'assistant', content: 'hello' }])
    leave()
  })
})

describe('Vue', () => {
  /** Runs `work` in a scope that ends with the test. Scopes other than components connect where there is a document. */
  async function inScope(work) {
    globalThis.document ??= {}
    const scope = effectScope()
    try {
      await scope.run(work)
    } finally {
      scope.stop()
      delete globalThis.document
    }
  }

  test('each new token reconnects, however many there were', () => inScope(async () => {
    const tokens = ['0', '1', '2', '3', '4', '5']
    const endpoint = server.endpoint(tokens.map(() => hold('id: 1\ndata: a\n\n')))
    const token = ref('0')
    useEventSource(endpoint.url, { headers: { authorization: () => token.value } })
    for (const [index, value] of tokens.entries()) {
      token.value = value
      await nextTick()
      await endpoint.exchange(index)
    }
    assert.deepEqual(endpoint.requests.map(({ headers }) => headers.authorization), tokens)
  }))

  test('json is called for every request, with the attempt', () => inScope(async () => {
    const endpoint = server.endpoint([hold('data: a\n\n')])
    useEventSource(endpoint.url, { method: 'PUT', json: async ({ attempt }) => ({ attempt }) })
    await endpoint.exchange(0)
    assert.equal(endpoint.requests[0].body.toString(), '{"attempt":0}')
  }))

  test('an effect that sends is run again by what it reads, not by events or a new token', () => inScope(async () => {
    const endpoint = server.endpoint([hold('data: a\n\n', 'data: b\n\n'), hold('data: c\n\n')])
    const [question, token] = [ref('one'), ref('a')]
    const { data, send } = useEventStream(endpoint.url, () => ({ flush: 'microtask', headers: { authorization: token.value } }))
    const until = (value) => new Promise((resolve) => {
      watchEffect(() => { if (data.value === value) resolve() })
    })
    watchEffect(() => { void send(question.value) })
    await until('b')
    token.value = 'b'
    await nextTick()
    question.value = 'two'
    await until('c')
    assert.deepEqual(endpoint.requests.map(({ body, headers }) => `${body} ${headers.authorization}`), ['one a', 'two b'])
  }))

  test('defaults that a stream does not take are left out', () => inScope(async () => {
    const app = createApp({})
    app.use(eventSourceDefaults({ reconnect: true, share: 'ann', headers: { 'x-test': 'a' } }))
    const endpoint = server.endpoint([stream('data: a\n\n')])
    const { send } = app.runWithContext(() => useEventStream(endpoint.url))
    assert.equal(await send('hi'), 'a')
    assert.equal(endpoint.requests[0].headers['x-test'], 'a')
  }))
})

function deferred() {
  let resolve
  return { promise: new Promise((settle) => { resolve = settle }), resolve }
}
