/** `useEventStream`: one request per action. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, redirect, reply, stream } from '../e2e/endpoint.mjs'
import { onEveryFramework } from './stage.mjs'

const chat = () => ({ reducer: (text, { data }) => text + data, initialState: '' })

onEveryFramework('streams of actions', (stage) => {
  const mount = ({ url }) => stage.mount(url, chat, 'useEventStream')

  test('nothing is requested before send, and the answer accumulates to its end', async () => {
    const endpoint = stage.server.endpoint([stream('data: Hel\n\n', 'data: lo\n\n')])
    const mounted = await mount(endpoint)
    const idle = await mounted.read()
    assert.deepEqual([idle.status, idle.data, endpoint.requests.length], ['idle', '', 0])
    await mounted.call('send', '{"say":"hello"}')
    const { data, error, truncated } = await mounted.until(({ status }) => status === 'done')
    assert.deepEqual([data, error, truncated], ['Hello', undefined, false])
    const [{ method, body }] = endpoint.requests
    assert.deepEqual([method, body.toString()], ['POST', '{"say":"hello"}'])
  })

  // WebKitGTK takes a body that breaks off for one that has ended. Only `complete` can tell the two apart there.
  const kinds = stage.engineName === 'webkit' ? ['truncated'] : ['network', 'truncated']
  for (const [how, complete] of [['', undefined], [', with complete', "({ data }) => data === '[DONE]'"]].slice(-kinds.length)) {
    test(`a stream that breaks off is truncated, and its request is not repeated${how}`, async () => {
      const endpoint = stage.server.endpoint([hold('retry: 1\nid: 1\ndata: Hel\n\n')])
      const mounted = await stage.mount(endpoint.url, `() => ({ complete: ${complete} })`, 'useEventStream')
      await mounted.call('send', 'a')
      await mounted.until(({ data }) => data === 'Hel')
      ;(await endpoint.exchange(0)).cut()
      const { data, error, truncated } = await mounted.until(({ status }) => status === 'failed')
      assert.deepEqual([data, truncated], ['Hel', true])
      assert.ok(kinds.includes(error.kind), error.kind)
      await assertNoMoreRequests(endpoint, 1)
    })
  }

  test('with complete, the last event ends the stream, even if it carries no data', async () => {
    const endpoint = stage.server.endpoint([hold('data: {"text":"Hello"}\n\n', 'data: [DONE]\n\n', 'data: {"text":"never"}\n\n')])
    const options = () => ({
      parse: JSON,
      complete: ({ data }) => data === '[DONE]',
      reducer: (text, { data }) => text + data.text,
      initialState: '',
    })
    const mounted = await stage.mount(endpoint.url, options, 'useEventStream')
    await mounted.call('send', 'a')
    const { data, error, truncated } = await mounted.until(({ status }) => status === 'done')
    assert.deepEqual([data, error, truncated], ['Hello', undefined, false])
    await (await endpoint.exchange(0)).closed
  })

  test('with complete, a stream that ends earlier is truncated, even if it ends cleanly', async () => {
    const endpoint = stage.server.endpoint([stream('data: Hel\n\n')])
    const options = () => ({ complete: ({ data }) => data === '[DONE]' })
    const mounted = await stage.mount(endpoint.url, options, 'useEventStream')
    await mounted.call('send', 'a')
    const { data, error, truncated } = await mounted.until(({ status }) => status === 'failed')
    assert.deepEqual([data, error.kind, truncated], ['Hel', 'truncated', true])
    await assertNoMoreRequests(endpoint, 1)
  })

  for (const [what, text, complete, expected] of [
    ['that the end may come, and it comes', 'data: {"text":"Hello"}\n\ndata: [DONE]\n\n', "({ data }) => data === '[DONE]' && 'ending'",
      { status: 'done', data: 'Hello', truncated: false }],
    ['that the end may come, of an event that is data as well', 'data: {"text":"Hello"}\n\n', "({ data }) => data.includes('Hello') && 'ending'",
      { status: 'done', data: 'Hello', truncated: false }],
    ['that it has failed', 'data: {"text":"Hel"}\n\ndata: overloaded\n\n', "({ data }) => (data === 'overloaded' ? new Error('overloaded') : false)",
      { status: 'failed', data: 'Hel', truncated: false, kind: 'application' }],
    ['that it has failed, by an event that is data as well', 'data: {"text":"!"}\n\n', "({ data }) => (data.includes('!') ? new Error('overloaded') : false)",
      { status: 'failed', data: '!', truncated: false, kind: 'application' }],
  ]) {
    test(`complete can answer ${what}`, async () => {
      const endpoint = stage.server.endpoint([stream(text)])
      const options = `() => ({
        parse: JSON, complete: ${complete}, reducer: (text, { data }) => text + data.text, initialState: '',
        onError: ({ kind }) => { globalThis.log.push(kind) }, onFinish: ({ status }) => { globalThis.log.push(status) },
      })`
      const mounted = await stage.mount(endpoint.url, options, 'useEventStream')
      await mounted.call('send', 'a')
      const { status, data, truncated, error } = await mounted.until(({ isStopped, status }) => isStopped && status !== 'idle')
      const { kind, ...state } = expected
      assert.deepEqual({ status, data, truncated }, state)
      assert.equal(error?.kind, kind)
      assert.deepEqual(await stage.evaluate(() => globalThis.log), kind === undefined ? ['done'] : ['application', 'failed'])
      await assertNoMoreRequests(endpoint, 1)
    })
  }

  test('a request uses the functions given to send, not those of the hook', async () => {
    const endpoint = stage.server.endpoint([stream('data: a\n\n')])
    const mounted = await stage.mount(endpoint.url, () => ({ headers: () => ({ 'x-from': 'hook' }) }), 'useEventStream')
    await mounted.act(({ probe }) => { probe.result.send('a', { headers: () => ({ 'x-from': 'send' }) }) })
    await mounted.until(({ status }) => status === 'done')
    assert.equal(endpoint.requests[0].headers['x-from'], 'send')
  })

  for (const [name, answer, kind] of [['refuses', reply(500), 'http'], ['sends to nowhere', redirect(302, 'http://127.0.0.1:1/'), 'network']]) {
    test(`a request that the server ${name} is not repeated`, async () => {
      const endpoint = stage.server.endpoint([answer])
      const mounted = await mount(endpoint)
      await mounted.call('send', 'a')
      const { error, truncated } = await mounted.until(({ status }) => status === 'failed')
      assert.deepEqual([error.kind, truncated], [kind, false])
      await assertNoMoreRequests(endpoint, 1)
    })
  }

  test('a request that cannot be made is an error', async () => {
    const mounted = await stage.mount('http://', () => ({ onError: ({ kind }) => { globalThis.log.push(kind) } }), 'useEventStream')
    await mounted.call('send', 'a')
    const { error } = await mounted.until(({ status }) => status === 'failed')
    assert.equal(error.kind, 'init')
    assert.deepEqual(await stage.evaluate(() => globalThis.log), ['init'])
  })

  test('stop ends the request and keeps what has arrived', async () => {
    const endpoint = stage.server.endpoint([hold('data: Hel\n\n')])
    const mounted = await mount(endpoint)
    await mounted.call('send', 'a')
    await mounted.until(({ data }) => data === 'Hel')
    await mounted.call('stop')
    const { data, error, truncated } = await mounted.until(({ status }) => status === 'closed')
    assert.deepEqual([data, error, truncated], ['Hel', undefined, false])
    await (await endpoint.exchange(0)).closed
  })

  test('another send begins anew, in place of a request under way', async () => {
    const endpoint = stage.server.endpoint([hold('data: old\n\n'), stream('data: new\n\n')])
    const mounted = await mount(endpoint)
    await mounted.call('send', 'a')
    await mounted.until(({ data }) => data === 'old')
    await mounted.call('send', 'b')
    const { data } = await mounted.until(({ status }) => status === 'done')
    assert.equal(data, 'new')
    await (await endpoint.exchange(0)).closed
    assert.deepEqual(endpoint.requests.map(({ body }) => body.toString()), ['a', 'b'])
  })

  test('a component that goes ends its request', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const mounted = await mount(endpoint)
    await mounted.call('send', 'a')
    await mounted.until(({ data }) => data === 'a')
    await mounted.unmount()
    await (await endpoint.exchange(0)).closed
  })

  /** Another stream that waits as long as this one would, a millisecond, shows that the time is over. */
  async function assertNoMoreRequests(endpoint, count) {
    const clock = stage.server.endpoint([stream('retry: 1\n\n'), stream('retry: 1\n\n'), hold('data: now\n\n')])
    await (await stage.mount(clock.url)).until(({ data }) => data === 'now')
    assert.equal(endpoint.requests.length, count)
  }
})

onEveryFramework('chats', (stage) => {
  const chat = () => ({
    messages: [{ role: 'system', content: 'be brief' }],
    reducer: (text, { data }) => text + data,
    initialState: '',
    onFinish: ({ status, data }) => { globalThis.log.push(`${status} ${data}`) },
  })
  const mount = ({ url }, options = chat) => stage.mount(url, options, 'useEventStream')
  const roles = ({ messages }) => messages.map(({ role, content }) => `${role}: ${content}`)
  const bodies = (endpoint) => endpoint.requests.map(({ body }) => JSON.parse(body.toString()))
  /** What a call resolves to, or the name of what it rejects with. */
  const outcome = (mounted, name, ...args) => mounted.act(async ({ probe }, name, args) => {
    try {
      return await probe.result[name](...args)
    } catch (error) {
      return `${error.name}: ${error.message}`
    }
  }, name, args)

  test('turns are kept, sent as JSON, and the reply becomes one', async () => {
    const endpoint = stage.server.endpoint([stream('data: Hel\n\n', 'data: lo\n\n'), hold('data: Bye\n\n')])
    const mounted = await mount(endpoint)
    assert.equal(await outcome(mounted, 'send', 'hi'), 'Hello')
    const first = await mounted.until(({ status }) => status === 'done')
    assert.deepEqual(roles(first), ['system: be brief', 'user: hi', 'assistant: Hello'])
    await mounted.call('send', 'bye', { headers: { 'x-test': 'a' }, body: { model: 'm' } })
    const second = await mounted.until(({ messages }) => messages.length === 5)
    assert.deepEqual(roles(second).slice(3), ['user: bye', 'assistant: Bye'], 'as far as it has come')
    const [, { headers, method }] = endpoint.requests
    assert.deepEqual([method, headers['content-type'], headers['x-test']], ['POST', 'application/json', 'a'])
    assert.deepEqual(bodies(endpoint)[1], { model: 'm', messages: first.messages.concat({ role: 'user', content: 'bye' }) })
    await mounted.call('stop')
    const stopped = await mounted.until(({ status }) => status === 'closed')
    assert.deepEqual(roles(stopped), roles(second))
    assert.deepEqual(await stage.evaluate(() => globalThis.log), ['done Hello', 'closed Bye'])
  })

  test('regenerate asks again for the last reply, setMessages and reset change the turns', async () => {
    const endpoint = stage.server.endpoint([stream('data: one\n\n'), stream('data: two\n\n')])
    const mounted = await mount(endpoint)
    await outcome(mounted, 'send', 'hi')
    assert.equal(await outcome(mounted, 'regenerate'), 'two')
    const { messages } = await mounted.until(({ data }) => data === 'two')
    assert.deepEqual(roles({ messages }), ['system: be brief', 'user: hi', 'assistant: two'])
    assert.deepEqual(bodies(endpoint)[0], bodies(endpoint)[1])
    await mounted.call('setMessages', [{ role: 'user', content: 'other' }])
    await mounted.until(({ messages }) => messages.length === 1)
    await mounted.call('reset')
    const initial = await mounted.until(({ status }) => status === 'idle')
    assert.deepEqual([roles(initial), initial.data], [['system: be brief'], ''])
  })

  test('regenerate without an earlier request is refused and removes no turn, at first and after reset', async () => {
    const endpoint = stage.server.endpoint([stream('data: one\n\n')])
    const mounted = await mount(endpoint)
    assert.match(await outcome(mounted, 'regenerate'), /^InvalidStateError: nothing to repeat/)
    assert.deepEqual(roles(await mounted.until(() => true)), ['system: be brief'])
    await outcome(mounted, 'send', 'hi')
    await mounted.call('reset')
    assert.match(await outcome(mounted, 'retry'), /^InvalidStateError/)
    assert.deepEqual(roles(await mounted.until(({ status }) => status === 'idle')), ['system: be brief'])
    assert.equal(endpoint.requests.length, 1)
  })

  test('regenerate answers a user turn among the initial ones', async () => {
    const endpoint = stage.server.endpoint([stream('data: one\n\n')])
    const mounted = await mount(endpoint, () => ({ messages: [{ role: 'user', content: 'hi' }, { role: 'assistant', content: 'cut o' }] }))
    assert.equal(await outcome(mounted, 'regenerate'), 'one')
    assert.deepEqual(bodies(endpoint), [{ messages: [{ role: 'user', content: 'hi' }] }])
  })

  test('regenerate of a request without a user turn removes the reply alone', async () => {
    const endpoint = stage.server.endpoint([stream('data: one\n\n'), stream('data: two\n\n')])
    const mounted = await mount(endpoint)
    await outcome(mounted, 'send')
    assert.equal(await outcome(mounted, 'regenerate'), 'two')
    assert.deepEqual(roles(await mounted.until(({ data }) => data === 'two')), ['system: be brief', 'assistant: two'])
  })

  test('toBody decides what is sent', async () => {
    const endpoint = stage.server.endpoint([stream('data: a\n\n')])
    const mounted = await mount(endpoint, () => ({ messages: [], toBody: ({ messages, input }) => ({ input, count: messages.length }) }))
    await outcome(mounted, 'send', 'hi')
    assert.deepEqual(bodies(endpoint), [{ input: 'hi', count: 1 }])
  })

  test('retry repeats a failed request', async () => {
    const endpoint = stage.server.endpoint([reply(500), stream('data: a\n\n')])
    const mounted = await stage.mount(endpoint.url, () => ({}), 'useEventStream')
    assert.match(await outcome(mounted, 'send', { question: 1 }), /^Error: .*500/)
    assert.equal(await outcome(mounted, 'retry'), 'a')
    assert.deepEqual(bodies(endpoint), [{ question: 1 }, { question: 1 }])
  })

  for (const [what, act] of [['stop', 'stop'], ['another send', 'send']]) {
    test(`${what} rejects the pending send`, async () => {
      const endpoint = stage.server.endpoint([hold('data: a\n\n'), hold('data: b\n\n')])
      const mounted = await mount(endpoint)
      await mounted.act(({ probe }) => { globalThis.waiting = probe.result.send('hi').catch(({ name }) => name) })
      await mounted.until(({ data }) => data === 'a')
      await mounted.call(act)
      assert.equal(await stage.evaluate(() => globalThis.waiting), 'AbortError')
    })
  }
})
