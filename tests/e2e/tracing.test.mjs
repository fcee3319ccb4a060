/** The option `trace`: its entries, their order, and that it disturbs nothing. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { hold, reply, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

onEveryEngine('tracing', (stage) => {
  before(() => stage.evaluate(async () => {
    const { EventSource } = await import('eventsource-wasm')
    /** Traces a source until it is closed. `act` is called with every entry, and what JSON can carry of them is returned. */
    globalThis.traced = (url, init, act) => new Promise((resolve) => {
      const entries = []
      const source = new EventSource(url, {
        ...init,
        trace: (entry) => {
          entries.push(entry)
          if (entry.type === 'close') resolve(entries.map(({ signal, headers, cause, ...plain }) => plain))
          return act?.(entry, source)
        },
      })
    })
  }))

  /** Lets the page trace a source. `run` gets `traced` and the URL. */
  const trace = (replies, run) => {
    const { url } = stage.server.endpoint(replies)
    return stage.evaluate((url, run) => (0, eval)(`(${run})`)(globalThis.traced, url), url, String(run))
  }
  /** Entries without what differs from run to run. */
  const plain = (entries) => entries.map(({ source, time, url, message, status, bodySnippet, ...facts }) => ({ ...facts, ...(status && { status }) }))

  test('a connection that ends and is resumed, from the first request to the close', async () => {
    const endpoint = stage.server.endpoint([hold('retry: 1\nid: 7\ndata: a\n\ndata: b\n\n:\n'), hold('data: c\n\n')])
    const cutting = stage.server.endpoint([async (exchange) => {
      (await endpoint.exchange(0)).end()
      exchange.end()
    }])
    const entries = await stage.evaluate((url, cutting) => {
      let delivered = 0
      return globalThis.traced(url, { lastEventId: '3' }, ({ type }, source) => {
        if (type !== 'delivered') return
        delivered += 1
        if (delivered === 1) void fetch(cutting)
        else source.close()
      })
    }, endpoint.url, cutting.url)
    assert.deepEqual(plain(entries), [
      { type: 'request', attempt: 0, lastEventId: '3', reason: 'open', method: 'GET' },
      { type: 'response', status: 200 },
      { type: 'open' },
      { type: 'batch', bytes: 35, messages: 2 },
      { type: 'delivered' },
      { type: 'decision', kind: 'end', attempt: 0, willReconnect: true, delayMs: 100 },
      { type: 'request', attempt: 1, lastEventId: '7', reason: 'end', method: 'GET' },
      { type: 'response', status: 200 },
      { type: 'open' },
      { type: 'batch', bytes: 9, messages: 1 },
      { type: 'delivered' },
      { type: 'close', why: 'close' },
    ])
    assert.match(entries[5].message, /^the server ended the event stream; reconnecting in 100 ms$/)
    for (const [index, { source, time }] of entries.entries()) {
      assert.equal(source, entries[0].source)
      assert.ok(index === 0 || time >= entries[index - 1].time, 'in order of time')
    }
  })

  const endings = {
    'its proper end': {
      replies: [stream('data: a\n\ndata: [DONE]\n\n')], init: `{ method: 'POST', complete: ({ data }) => data === '[DONE]' }`,
      types: ['request', 'response', 'open', 'batch', 'close'], why: 'complete',
    },
    'a status': { replies: [reply(403)], init: '{}', types: ['request', 'response', 'decision', 'close'], why: 'end' },
    'a function that fails': { replies: [], init: `{ headers: () => { throw new Error('no token') }, reconnect: false }`, types: ['decision', 'close'], why: 'end' },
    'a request that cannot be': { replies: [], init: `{ headers: () => ({ 'a b': '' }) }`, types: ['decision', 'close'], why: 'end' },
    'a signal that was aborted': { replies: [], init: '{ signal: AbortSignal.abort() }', types: ['close'], why: 'close' },
  }
  for (const [name, { replies, init, types, why }] of Object.entries(endings)) {
    test(`a source that ends by ${name}`, async () => {
      const entries = await trace(replies, `(traced, url) => traced(url, ${init})`)
      assert.deepEqual(entries.map(({ type }) => type), types)
      assert.equal(entries.at(-1).why, why)
    })
  }

  test('messages are counted with and without types, IDs and comments, in every segment of a chunk', async () => {
    const event = 'event: tick\nid: 1\ndata: é\n\n:a comment\n\nid: 2\n\ndata: a\n\nevent:\ndata: b\n\n'
    const entries = await trace([stream(event.repeat(5000))], (traced, url) => traced(url, { reconnect: false, onComment: () => {} }))
    const sum = (name) => entries.filter(({ type }) => type === 'batch').reduce((sum, entry) => sum + entry[name], 0)
    assert.deepEqual([sum('messages'), sum('bytes')], [15_000, 5000 * Buffer.byteLength(event)])
  })

  test('each chunk is reported once, however many events it has, even none', async () => {
    const entries = await trace([stream(':\n', 'data\n\n'.repeat(1000))], (traced, url) => traced(url, { reconnect: false }))
    const batches = entries.filter(({ type }) => type === 'batch')
    assert.ok(batches.length <= 8, `${batches.length} entries`)
    assert.equal(batches.reduce((sum, { messages }) => sum + messages, 0), 1000)
  })

  test('the listeners of a batch have returned when it is delivered, also where they take several tasks', async () => {
    const entries = await trace([hold(`${'data: x\n\n'.repeat(50)}`)], async (traced, url) => {
      const { EventSource } = await import('eventsource-wasm')
      const seen = []
      let heard = 0
      const source = new EventSource(url, { trace: ({ type }) => {
        seen.push(type)
        if (heard === 50) source.close()
      } })
      source.onmessage = () => {
        heard += 1
        for (const end = performance.now() + 1; performance.now() < end;);
        seen.push(heard)
      }
      await source.closed
      return seen
    })
    assert.deepEqual(entries.slice(-3), [50, 'delivered', 'close'])
  })

  test('its exceptions and rejections are reported, and change nothing', async () => {
    const types = await trace([hold('data: a\n\n')], (traced, url) => traced(url, {}, ({ type }, source) => {
      if (type === 'delivered') source.close()
      if (type === 'response') throw new Error('thrown')
      if (type === 'open') return Promise.reject(new Error('rejected'))
    }).then((entries) => entries.map(({ type }) => type)))
    assert.deepEqual(types, ['request', 'response', 'open', 'batch', 'delivered', 'close'])
    const uncaught = await stage.browser.takeUncaught()
    assert.deepEqual(uncaught.map((text) => /thrown|rejected/.exec(text)?.[0]), ['thrown', 'rejected'])
  })

  for (const last of ['request', 'response', 'open', 'batch', 'decision']) {
    test(`it may close the source at "${last}"`, async () => {
      const entries = await trace([stream('data: a\n\n')], `async (traced, url) => {
        const { EventSource } = await import('eventsource-wasm')
        const types = []
        const source = new EventSource(url, { trace: ({ type }) => {
          types.push(type)
          if (type === '${last}') source.close()
        } })
        await source.closed
        await new Promise((resolve) => setTimeout(resolve))
        return [source.readyState, types.filter((type) => type === 'request').length, types.at(-1)]
      }`)
      assert.deepEqual(entries, [2, 1, 'close'])
    })
  }

  for (const [name, closes, types] of [
    ['headers', `{ headers: () => { source().close(); return {} } }`, ['close']],
    ['headers that take their time', `{ headers: async () => { source().close(); return {} } }`, ['close']],
    ['fetch', `{ fetch: (...request) => { source().close(); return fetch(...request) } }`, ['request', 'close']],
  ]) {
    test(`close is the last entry, also from within ${name}`, async () => {
      const seen = await trace([], `async (traced, url) => {
        const { EventSource } = await import('eventsource-wasm')
        const source = () => traced
        const types = []
        traced = new EventSource(url, { ...(${closes}), trace: ({ type }) => types.push(type) })
        await traced.closed
        await new Promise((resolve) => setTimeout(resolve))
        return types
      }`)
      assert.deepEqual(seen, types)
    })
  }

  test('sources have numbers of their own', async () => {
    const sources = await trace([], (traced, url) => Promise.all([traced(url, {}), traced(url, {})])
      .then((all) => all.map(([{ source }]) => source)))
    assert.equal(new Set(sources).size, 2)
  })
})

onEveryEngine('what shows a trace', (stage) => {
  /** A stream that ends after two messages, and a status that ends the source. */
  const endpoint = () => stage.server.endpoint([stream('retry: 1\nid: 7\ndata: a\n\ndata: b\n\n'), reply(403)])

  test('consoleTrace writes a line for each entry, at the right level', async () => {
    const { url } = endpoint()
    const lines = await stage.evaluate(async (url) => {
      const [{ EventSource }, { consoleTrace }] = await Promise.all([import('eventsource-wasm'), import('eventsource-wasm/trace')])
      const lines = []
      const write = (level) => (text) => lines.push(`${level} ${text}`)
      const console = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
      await new EventSource(`${url}?token=secret#x`, { trace: consoleTrace({ name: 'feed', console }) }).closed.catch(() => {})
      return lines
    }, url)
    const number = /\[feed (\d+)\]/.exec(lines[0])[1]
    const plain = lines.map((line) => line.replace(` [feed ${number}]`, '').replace(/\d+ ms/g, 'N ms'))
    assert.deepEqual(plain, [
      `info GET ${url}?… (attempt 0, open)`,
      'info status 200 after N ms',
      'info open after N ms',
      'debug 2 messages, 33 bytes',
      'warn end: the server ended the event stream; reconnecting in N ms',
      `info GET ${url}?… (attempt 1, end, after event 7)`,
      'info status 403 after N ms',
      'error http: the status is 403, not 200; closed',
      'info closed (end): 2 messages, 33 bytes in N ms',
    ])
  })

  test('consoleTrace without options writes to the console', async () => {
    const { url } = endpoint()
    const lines = await stage.evaluate(async (url) => {
      const [{ EventSource }, { consoleTrace }] = await Promise.all([import('eventsource-wasm'), import('eventsource-wasm/trace')])
      const { info } = console
      const lines = []
      console.info = (text) => lines.push(text)
      try {
        await new EventSource(url, { reconnect: false, trace: consoleTrace() }).closed
      } finally {
        console.info = info
      }
      return lines
    }, url)
    assert.match(lines[0], /^\[EventSource \d+\] GET /)
  })

  test('performanceTrace makes user timings for a track of each source, and leaves none behind', async () => {
    const { url } = endpoint()
    const { measures, left } = await stage.evaluate(async (url) => {
      const [{ EventSource }, { performanceTrace }] = await Promise.all([import('eventsource-wasm'), import('eventsource-wasm/trace')])
      const seen = []
      const observer = new PerformanceObserver((list) => seen.push(...list.getEntries()))
      observer.observe({ type: 'measure' })
      await new EventSource(`${url}?token=secret`, { trace: performanceTrace('feed') }).closed.catch(() => {})
      await new Promise((resolve) => setTimeout(resolve))
      seen.push(...observer.takeRecords())
      observer.disconnect()
      const measures = seen.map(({ name, startTime, duration, detail: { devtools } }) => ({ name, startTime, duration, devtools }))
      return { measures, left: performance.getEntriesByType('measure').length }
    }, url)
    const { pathname } = new URL(url)
    const named = (name) => measures.filter((measure) => measure.name === `feed: ${name}`)
    const [[request, ...otherRequests], [open], [messages], [waiting]] = [`GET ${pathname}`, 'open', '2 messages', 'waiting: end'].map(named)
    assert.deepEqual([measures.length, otherRequests.length], [5, 1])
    assert.equal(left, 0)
    assert.ok(request.startTime + request.duration <= open.startTime + 0.01)
    assert.ok(open.startTime <= messages.startTime && messages.startTime + messages.duration <= open.startTime + open.duration + 0.01)
    assert.ok(waiting.duration >= 99, `${waiting.duration} ms`)
    assert.equal(new Set(measures.map(({ devtools }) => devtools.track)).size, 1)
    const { dataType, trackGroup, properties } = request.devtools
    assert.deepEqual({ dataType, trackGroup, properties }, {
      dataType: 'track-entry', trackGroup: 'feed',
      properties: [['url', `${url}?…`], ['attempt', '0'], ['reason', 'open'], ['status', '200']],
    })
  })
})
