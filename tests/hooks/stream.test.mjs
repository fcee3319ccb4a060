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

  test('with complete, the last event ends the stream, also if it is no data', async () => {
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

  test('with complete, a stream that ends before is truncated, however well it ends', async () => {
    const endpoint = stage.server.endpoint([stream('data: Hel\n\n')])
    const options = () => ({ complete: ({ data }) => data === '[DONE]' })
    const mounted = await stage.mount(endpoint.url, options, 'useEventStream')
    await mounted.call('send', 'a')
    const { data, error, truncated } = await mounted.until(({ status }) => status === 'failed')
    assert.deepEqual([data, error.kind, truncated], ['Hel', 'truncated', true])
    await assertNoMoreRequests(endpoint, 1)
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
