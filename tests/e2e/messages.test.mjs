/** `messages()`: async iteration with backpressure; how an AbortSignal and `using` end a source. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, reply, silence, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

onEveryEngine('messages()', (stage) => {
  /** Runs a loop of the page over the messages of a source: `take(EventSource, url)` gives what it has seen. */
  const loop = (url, take) => stage.evaluate(async (url, take) => {
    const { EventSource } = await import('eventsource-wasm')
    return (0, eval)(`(${take})`)(EventSource, url)
  }, url, String(take))

  test('gives messages of all types in order, over reconnects, until complete', async () => {
    const endpoint = stage.server.endpoint([
      stream('retry: 1\n\nid: 1\ndata: a\n\nevent: tick\ndata: b\n\n'),
      hold('data: c\n\ndata: [DONE]\n\ndata: late\n\n'),
    ])
    const seen = await loop(endpoint.url, async (EventSource, url) => {
      const seen = []
      const source = new EventSource(url, { complete: ({ data }) => data === '[DONE]' })
      for await (const { type, data, lastEventId } of source.messages()) seen.push(`${type} ${data} ${lastEventId}`)
      return [...seen, source.readyState]
    })
    assert.deepEqual(seen, ['message a 1', 'tick b 1', 'message c 1', 'message [DONE] 1', 2])
  })

  test('ends where the stream of a POST does', async () => {
    const endpoint = stage.server.endpoint([stream('data: a\n\ndata: b\n\n')])
    const seen = await loop(endpoint.url, async (EventSource, url) => {
      const seen = []
      for await (const { data } of new EventSource(url, { method: 'POST' }).messages()) seen.push(data)
      return seen
    })
    assert.deepEqual(seen, ['a', 'b'])
  })

  test('throws when the source fails, after the messages before', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 1\ndata: a\n\n'), reply(403, {}, 'no')])
    const seen = await loop(endpoint.url, async (EventSource, url) => {
      const seen = []
      try {
        for await (const { data } of new EventSource(url).messages()) seen.push(data)
      } catch (error) {
        seen.push(error instanceof Error, error.message, error.cause.kind, error.cause.bodySnippet)
      }
      return seen
    })
    assert.deepEqual(seen, ['a', true, 'the status is 403, not 200; closed', 'http', 'no'])
  })

  test('throws also when it begins after the source has failed', async () => {
    const endpoint = stage.server.endpoint([reply(404)])
    const seen = await loop(endpoint.url, async (EventSource, url) => {
      const source = new EventSource(url)
      await new Promise((resolve) => { source.onerror = resolve })
      return source.messages().next().catch((error) => error.cause.status)
    })
    assert.equal(seen, 404)
  })

  test('leaving the loop closes the source, unless told not to', async () => {
    for (const [preventClose, readyState] of [[false, 2], [true, 1]]) {
      const endpoint = stage.server.endpoint([hold('data: a\n\ndata: b\n\n')])
      const state = await stage.evaluate(async (url, preventClose) => {
        const { EventSource } = await import('eventsource-wasm')
        const source = new EventSource(url)
        for await (const _message of source.messages({ preventClose })) break
        const { readyState } = source
        source.close()
        return readyState
      }, endpoint.url, preventClose)
      assert.equal(state, readyState)
      await (await endpoint.exchange(0)).closed
    }
  })

  test('close() ends the loop, and a source that is closed has no messages', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\ndata: b\n\n')])
    const seen = await loop(endpoint.url, async (EventSource, url) => {
      const seen = []
      const source = new EventSource(url)
      for await (const { data } of source.messages()) {
        seen.push(data)
        source.close()
      }
      for await (const { data } of source.messages()) seen.push(data)
      return seen
    })
    assert.deepEqual(seen, ['a'])
  })

  test('several loops and listeners each get every message', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\ndata: b\n\ndata: c\n\n')])
    const seen = await loop(endpoint.url, async (EventSource, url) => {
      const heard = []
      const source = new EventSource(url)
      source.onmessage = ({ data }) => heard.push(data)
      const take = async () => {
        const taken = []
        for await (const { data } of source.messages({ preventClose: true })) {
          if (taken.push(data) === 3) return taken
        }
      }
      const taken = await Promise.all([take(), take()])
      source.close()
      return [heard, ...taken]
    })
    assert.deepEqual(seen, Array(3).fill(['a', 'b', 'c']))
  })

  test('several calls of next() are answered in order', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\ndata: b\n\n')])
    const seen = await loop(endpoint.url, async (EventSource, url) => {
      const source = new EventSource(url)
      const messages = source.messages()
      const taken = [messages.next(), messages.next(), messages.next()]
      const first = await Promise.all(taken.slice(0, 2))
      source.close()
      return [...first.map(({ value }) => value.data), (await taken[2]).done, (await messages.next()).done]
    })
    assert.deepEqual(seen, ['a', 'b', true, true])
  })

  test('a consumer that stops taking messages stops the reading', async () => {
    const pulls = await loop('/unused', async (EventSource, url) => {
      let pulls = 0
      let whenPulled = () => {}
      const body = new ReadableStream({
        pull(controller) {
          pulls += 1
          controller.enqueue(new TextEncoder().encode(`data: ${pulls}\n\n`))
          whenPulled()
        },
      }, { highWaterMark: 0 })
      const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
      const messages = new EventSource(url, { fetch }).messages()
      const first = await messages.next()
      if (pulls < 2) await new Promise((resolve) => { whenPulled = resolve })
      // The second chunk waits for the consumer. A source that kept reading would do so in these tasks.
      for (let task = 0; task < 10; task += 1) await new Promise((resolve) => { setTimeout(resolve) })
      const stopped = pulls
      const second = await messages.next()
      await messages.next()
      await messages.return()
      return [first.value.data, second.value.data, stopped, pulls > stopped]
    })
    assert.deepEqual(pulls, ['1', '2', 2, true])
  })

  test('a slow consumer is not mistaken for a silent server', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\ndata: b\n\n')])
    const more = stage.server.endpoint([async (exchange) => {
      await (await endpoint.exchange(0)).write('data: c\n\n')
      await reply(204)(exchange)
    }])
    const seen = await stage.evaluate(async (url, more) => {
      const { EventSource } = await import('eventsource-wasm')
      const seen = []
      const source = new EventSource(url, { timeouts: { idleMs: 300 } })
      source.onerror = ({ kind }) => seen.push(kind)
      for await (const { data } of source.messages()) {
        seen.push(data)
        if (data === 'a') await new Promise((resolve) => { setTimeout(resolve, 1000) })
        if (data === 'b') await fetch(more)
        if (data === 'c') break
      }
      return seen
    }, endpoint.url, more.url)
    assert.deepEqual(seen, ['a', 'b', 'c'])
  })

  // Firefox and WebKitGTK read ahead whatever the page does.
  const canStopServer = stage.engineName === 'chromium'

  test('a consumer that stops taking messages stops the server', { skip: !canStopServer }, async () => {
    const chunk = `data: ${'x'.repeat(65_500)}\n\n`
    const chunks = 1000
    let written = 0
    const endpoint = stage.server.endpoint([async (exchange) => {
      // Without no-store, Chromium reads ahead whatever the page does, to have the response for its cache.
      exchange.head(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      for (; written < chunks; written += 1) await exchange.write(chunk)
      exchange.end()
    }])
    await loop(endpoint.url, async (EventSource, url) => {
      globalThis.messages = new EventSource(url, { reconnect: false }).messages()
      await globalThis.messages.next()
    })
    // The buffers of the sockets and the browser fill up, then nothing moves for a second.
    for (let before = -1; before !== written;) {
      before = written
      await new Promise((resolve) => { setTimeout(resolve, 1000) })
    }
    assert.ok(written < chunks / 2, `${written} chunks of ${chunks} were written to a consumer that took one message`)
    const rest = await stage.evaluate(async () => {
      let rest = 0
      for await (const { data } of globalThis.messages) rest += data.length
      return rest
    })
    assert.equal(rest, (chunks - 1) * 65_500)
    assert.equal(written, chunks)
  })
})

onEveryEngine('the end of a source', (stage) => {
  test('with an aborted signal, no request is made', async () => {
    const endpoint = stage.server.endpoint([hold()])
    const source = await stage.open('ours', endpoint.url, { init: () => ({ signal: AbortSignal.abort() }) })
    assert.equal(await source.readyState(), 2)
    assert.deepEqual((await source.read()).events, [])
    assert.equal(endpoint.requests.length, 0)
  })

  const abortable = () => {
    globalThis.controller = new AbortController()
    return { signal: globalThis.controller.signal }
  }
  const abort = () => stage.evaluate(() => { globalThis.controller.abort() })

  for (const [name, replies, before] of [
    ['while connecting', [silence], () => {}],
    ['while open', [hold('data: a\n\n')], (source) => source.until('message')],
  ]) {
    test(`a signal aborted ${name} closes the source and the socket`, async () => {
      const endpoint = stage.server.endpoint(replies)
      const source = await stage.open('ours', endpoint.url, { init: abortable })
      const exchange = await endpoint.exchange(0)
      await before(source)
      await abort()
      assert.equal(await source.readyState(), 2)
      await exchange.closed
      assert.deepEqual(await source.errors(), [])
    })
  }

  test('a signal aborted while waiting to reconnect ends the wait', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 100\n\n')])
    const source = await stage.open('ours', endpoint.url, { init: abortable })
    await source.until('error')
    await abort()
    await stage.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 300) }))
    assert.equal(endpoint.requests.length, 1)
  })

  test('a signal aborted after close() does nothing', async () => {
    const source = await stage.open('ours', stage.server.endpoint([hold()]).url, { init: abortable })
    await source.close()
    await abort()
    assert.deepEqual((await source.read()).events.filter(({ type }) => type === 'error'), [])
  })

  test('Symbol.dispose closes it, where there is such a symbol', async () => {
    const source = await stage.open('ours', stage.server.endpoint([hold()]).url)
    const [readyState, expected] = await source.run((source) => {
      if (Symbol.dispose === undefined) return ['undefined' in source, false]
      source[Symbol.dispose]()
      return [source.readyState, 2]
    })
    assert.equal(readyState, expected)
    await source.close()
  })
})
