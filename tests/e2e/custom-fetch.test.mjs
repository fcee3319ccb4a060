/** A `fetch` of the caller's own, and the bodies that can be sent only once. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

const SOON = 'retry: 1\n\n'

onEveryEngine('custom fetch', (stage) => {
  test('it is called for every attempt as fetch is', async () => {
    const endpoint = stage.server.endpoint([stream(`${SOON}id: 1\ndata: a\n\n`), hold()])
    const source = await stage.open('ours', endpoint.url, {
      init: () => {
        globalThis.calls = []
        return {
          method: 'POST',
          body: 'a=1',
          headers: { 'X-Test': '1' },
          fetch: (url, init) => {
            globalThis.calls.push({ url, init })
            return fetch(url, init)
          },
        }
      },
    })
    await source.until('error')
    await source.close()
    const calls = await stage.evaluate(() => globalThis.calls.map(({ url, init }) => ({
      url,
      ...init,
      signal: init.signal instanceof AbortSignal,
    })))
    assert.deepEqual(calls, [{
      url: endpoint.url,
      method: 'POST',
      body: 'a=1',
      headers: { accept: 'text/event-stream', 'x-test': '1' },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: true,
    }])
  })

  test('a fetch that spreads its headers into others keeps them', async () => {
    const endpoint = stage.server.endpoint([stream(`${SOON}id: 1\ndata: a\n\n`), hold()])
    await stage.open('ours', endpoint.url, {
      init: () => ({ fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, 'X-Test': '1' } }) }),
    })
    const { headers } = (await endpoint.exchange(1)).request
    assert.deepEqual([headers.accept, headers['last-event-id'], headers['x-test']], ['text/event-stream', '1', '1'])
  })

  test('it gets every option of fetch that the init has', async () => {
    const options = {
      credentials: 'include', integrity: 'sha256-AAAA', keepalive: true, mode: 'same-origin', priority: 'high',
      redirect: 'manual', referrer: '/from', referrerPolicy: 'origin',
    }
    const source = await stage.open('ours', '/unused', {
      init: `() => ({
        ...${JSON.stringify(options)},
        fetch: (url, init) => {
          globalThis.options = init
          return Promise.reject()
        },
      })`,
    })
    await source.until('error')
    await source.close()
    const { headers, cache, signal, ...given } = await stage.evaluate(() => globalThis.options)
    assert.deepEqual(given, options)
  })

  test('its response may be made in the page', async () => {
    const source = await stage.open('ours', '/unused', {
      init: () => ({
        fetch: () => new Response('data: a\n\n', { headers: { 'content-type': 'text/event-stream' } }),
      }),
    })
    await source.until('error')
    await source.close()
    const { events } = await source.read()
    assert.deepEqual(events.map(({ type, data }) => [type, data ?? null]), [['open', null], ['message', 'a'], ['error', null]])
  })

  for (const { name, fetch, cause } of [
    { name: 'rejects', fetch: () => Promise.reject(new TypeError('offline')), cause: 'TypeError: offline' },
    { name: 'throws', fetch: () => { throw new TypeError('offline') }, cause: 'TypeError: offline' },
    { name: 'resolves to nothing', fetch: () => Promise.resolve(), cause: 'TypeError: fetch has not given a Response' },
    { name: 'resolves to what is no response', fetch: () => Promise.resolve({}), cause: 'TypeError: fetch has not given a Response' },
  ]) {
    test(`a fetch that ${name} is a network error`, async () => {
      const source = await stage.open('ours', '/unused', { init: `() => ({ fetch: ${fetch} })` })
      await source.until('error')
      await source.close()
      const [error] = await source.errors()
      assert.equal(error.kind, 'network')
      assert.equal(error.willReconnect, true)
      if (cause !== undefined) assert.equal(error.cause, cause)
    })
  }

  test('close() cancels the body of a fetch that ignores its signal', async () => {
    const source = await stage.open('ours', '/unused', {
      init: () => {
        const cancelled = new Promise((resolve) => {
          globalThis.body = new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode('data: a\n\n')),
            cancel: resolve,
          })
        })
        globalThis.cancelled = cancelled
        return { fetch: () => new Response(globalThis.body, { headers: { 'content-type': 'text/event-stream' } }) }
      },
    })
    await source.until('message')
    await source.close()
    await stage.evaluate(() => globalThis.cancelled.then(() => true))
    assert.equal(await stage.evaluate(() => globalThis.body.locked), false)
  })

  test('close() in an open listener cancels the unread body', async () => {
    const source = await stage.open('ours', '/unused', {
      init: () => {
        globalThis.cancelled = new Promise((resolve) => { globalThis.unread = new ReadableStream({ cancel: resolve }) })
        return { fetch: () => new Response(globalThis.unread, { headers: { 'content-type': 'text/event-stream' } }) }
      },
      types: ['open'],
      act: (event) => { if (event.type === 'open') event.target.close() },
    })
    await source.until('open')
    await stage.evaluate(() => globalThis.cancelled.then(() => true))
  })

  test('an endless error body is cancelled', async () => {
    const source = await stage.open('ours', '/unused', {
      init: () => {
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('busy')),
          cancel: () => { globalThis.errorCancelled = true },
        })
        return { fetch: () => new Response(body, { status: 503 }) }
      },
    })
    await source.until('error')
    assert.equal(await stage.evaluate(() => globalThis.errorCancelled), true)
  })

  test('a response that comes after close() is cancelled', async () => {
    const source = await stage.open('ours', '/unused', {
      init: () => {
        const answer = new Promise((resolve) => { globalThis.answer = resolve })
        return { fetch: () => answer }
      },
    })
    await source.close()
    await stage.evaluate(() => new Promise((resolve) => {
      const body = new ReadableStream({ cancel: () => resolve(true) })
      globalThis.answer(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
    }))
    assert.deepEqual((await source.read()).events, [])
  })

  // Chromium uploads streams over HTTP/2 only, so here the fetch of the test reads the stream and sends what it read.
  const sendRead = async (url, init) => {
    globalThis.duplex = init.duplex
    return fetch(url, { ...init, body: await new Response(init.body).blob() })
  }

  test('a stream is sent once: cut off before any event, it is not sent again', async () => {
    const endpoint = stage.server.endpoint([hold(SOON)])
    const source = await stage.open('ours', endpoint.url, {
      init: `() => ({ method: 'POST', body: new Blob(['a=1']).stream(), fetch: ${sendRead} })`,
    })
    await source.until('open')
    ;(await endpoint.exchange(0)).cut()
    await source.until('error')
    const [{ kind, willReconnect }] = await source.errors()
    assert.deepEqual({ kind, willReconnect }, { kind: 'network', willReconnect: false })
    assert.equal(await source.readyState(), 2)
    assert.deepEqual(endpoint.requests.map(({ body }) => body.toString()), ['a=1'])
    assert.equal(await stage.evaluate(() => globalThis.duplex), 'half')
  })

  test('reconnect() throws if a stream was sent, and leaves the connection alone', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const source = await stage.open('ours', endpoint.url, {
      init: `() => ({ method: 'POST', body: new Blob(['a=1']).stream(), fetch: ${sendRead} })`,
    })
    await source.until('message')
    assert.equal(await source.nameOfThrown((source) => source.reconnect()), 'InvalidStateError')
    await (await endpoint.exchange(0)).write('data: b\n\n')
    await source.until('message', 2)
    await source.close()
    assert.deepEqual(await source.errors(), [])
    assert.equal(endpoint.requests.length, 1)
  })

  test('a function for body is called for a new stream on every attempt', async () => {
    const endpoint = stage.server.endpoint([hold(SOON), hold()])
    const source = await stage.open('ours', endpoint.url, {
      init: `() => ({ method: 'POST', reconnect: { replay: 'always' }, body: ({ attempt }) => new Blob(['a=' + attempt]).stream(), fetch: ${sendRead} })`,
    })
    await source.until('open')
    ;(await endpoint.exchange(0)).cut()
    await source.until('open', 2)
    await source.close()
    assert.deepEqual(endpoint.requests.map(({ body }) => body.toString()), ['a=0', 'a=1'])
    assert.equal(await stage.evaluate(() => globalThis.duplex), 'half')
  })
})
