/** `EventSource.fromReadableStream` in the shape of whatwg/html pull request 12272, and the polyfill. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

onEveryEngine('from a readable stream', (stage) => {
  test('its events are dispatched, and its end is final', async () => {
    const seen = await stage.evaluate(async () => {
      const { EventSource } = await import('eventsource-wasm')
      const { body } = new Response('retry: 5\nid: 7\nevent: tick\ndata: 豆\n\ndata: lost')
      const source = EventSource.fromReadableStream(body)
      const seen = [source.url, source.withCredentials, source.readyState, source.reconnectionTime, source instanceof EventSource]
      const ended = new Promise((resolve) => { source.onerror = resolve })
      source.onopen = () => seen.push(`open ${source.readyState}`)
      source.addEventListener('tick', ({ data, lastEventId, origin }) => seen.push(data, lastEventId, origin))
      source.onmessage = ({ data }) => seen.push(data)
      await ended
      return [...seen, source.readyState, source.lastEventId, source.reconnectionTime]
    })
    assert.deepEqual(seen, ['about:event-stream', false, 0, 3000, true, 'open 1', '豆', '7', 'null', 2, '7', 5])
  })

  test('it takes the body of a fetch', async () => {
    const { url } = stage.server.endpoint([stream('data: a\n\n')])
    assert.equal(await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      const source = EventSource.fromReadableStream((await fetch(url)).body)
      return new Promise((resolve) => { source.onmessage = ({ data }) => resolve(data) })
    }, url), 'a')
  })

  test('a stream that errs is final, and its error is the cause', async () => {
    assert.deepEqual(await stage.evaluate(async () => {
      const { EventSource } = await import('eventsource-wasm')
      const source = EventSource.fromReadableStream(new ReadableStream({ pull() { throw new RangeError('of the stream') } }))
      return new Promise((resolve) => {
        source.onerror = ({ cause }) => resolve([source.readyState, cause.message])
      })
    }), [2, 'of the stream'])
  })

  test('close() cancels the stream', async () => {
    assert.equal(await stage.evaluate(async () => {
      const { EventSource } = await import('eventsource-wasm')
      return new Promise((resolve) => {
        const source = EventSource.fromReadableStream(new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('data: a\n\n')),
          cancel: () => resolve('cancelled'),
        }))
        source.onmessage = () => source.close()
      })
    }), 'cancelled')
  })

  test('close() cancels the stream before anything was read too', async () => {
    assert.deepEqual(await stage.evaluate(async () => {
      const { EventSource } = await import('eventsource-wasm')
      const cancelled = (close) => new Promise((resolve) => {
        close(EventSource.fromReadableStream(new ReadableStream({ cancel: () => resolve('cancelled') })))
      })
      return [
        await cancelled((source) => source.close()),
        await cancelled((source) => { source.onopen = () => source.close() }),
      ]
    }), ['cancelled', 'cancelled'])
  })

  test('it cannot reconnect', async () => {
    assert.equal(await stage.evaluate(async () => {
      const { EventSource } = await import('eventsource-wasm')
      const source = EventSource.fromReadableStream(new ReadableStream())
      try {
        source.reconnect()
      } catch (error) {
        return error.name
      } finally {
        source.close()
      }
    }), 'InvalidStateError')
  })

  for (const [name, chunk] of Object.entries({
    'a string': () => 'data: a\n\n',
    'an ArrayBuffer': () => new ArrayBuffer(8),
    'of two bytes each': () => new Uint16Array(8),
    nothing: () => null,
  })) {
    test(`a chunk that is ${name} is an error`, async () => {
      assert.deepEqual(await stage.evaluate(async (chunk) => {
        const { EventSource } = await import('eventsource-wasm')
        const chunks = [new TextEncoder().encode('data: a\n\n'), (0, eval)(`(${chunk})`)()]
        const source = EventSource.fromReadableStream(new ReadableStream({
          pull(controller) { controller.enqueue(chunks.shift()) },
        }))
        const seen = []
        source.onmessage = ({ data }) => seen.push(data)
        return new Promise((resolve) => {
          source.onerror = ({ kind, cause }) => resolve([...seen, kind, cause instanceof TypeError])
        })
      }, String(chunk)), ['a', 'blocked', true])
    })
  }

  for (const [name, make] of Object.entries({
    'a locked stream': () => { const { body } = new Response('x'); body.getReader(); return body },
    'a string': () => 'data: a\n\n',
    nothing: () => undefined,
  })) {
    test(`${name} is a TypeError`, async () => {
      assert.equal(await stage.evaluate(async (make) => {
        const { EventSource } = await import('eventsource-wasm')
        const stream = (0, eval)(`(${make})`)()
        try {
          EventSource.fromReadableStream(stream)
          return 'nothing'
        } catch (error) {
          return error.name
        }
      }, String(make)), 'TypeError')
    })
  }

  test('the reconnection time is what the server said last, also after close()', async () => {
    const { url } = stage.server.endpoint([hold('retry: 1234\ndata: a\n\n')])
    assert.deepEqual(await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      const source = new EventSource(url)
      const times = [source.reconnectionTime]
      await new Promise((resolve) => { source.onmessage = resolve })
      times.push(source.reconnectionTime)
      source.close()
      return [...times, source.reconnectionTime]
    }, url), [3000, 1234, 1234])
  })

  test('the polyfill leaves an existing class alone, until install()', async () => {
    await stage.reload()
    assert.deepEqual(await stage.evaluate(async () => {
      const native = globalThis.EventSource
      const { EventSource, install } = await import('eventsource-wasm/polyfill')
      const kept = globalThis.EventSource === native
      install()
      const { EventSource: main } = await import('eventsource-wasm')
      return [kept, globalThis.EventSource === EventSource, EventSource === main]
    }), [true, true, true])
    await stage.reload()
  })

  test('the polyfill fills the gap', async () => {
    await stage.reload()
    assert.equal(await stage.evaluate(async () => {
      delete globalThis.EventSource
      const { EventSource } = await import('eventsource-wasm/polyfill')
      return globalThis.EventSource === EventSource
    }), true)
    await stage.reload()
  })
})
