/** Connections that are open but dead: the option `timeouts`, and how page events affect it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { hold, reply, silence } from './endpoint.mjs'
import { importMap } from './packed.mjs'
import { onEveryEngine } from './stage.mjs'

const QUICK = { maxBackoffMs: 0 }

onEveryEngine('liveness', (stage) => {
  test('a request without a response is given up', async () => {
    const endpoint = stage.server.endpoint([silence, hold('data: a\n\n')])
    const source = await stage.open('ours', endpoint.url, { init: { timeouts: { openMs: 300 }, reconnect: QUICK } })
    await source.until('message')
    await source.close()
    assert.equal((await (await endpoint.exchange(0)).closed).finished, false)
    const [{ kind, status, message }] = await source.errors()
    assert.deepEqual({ kind, status }, { kind: 'timeout', status: null })
    assert.match(message, /no response arrived in time; reconnecting in 100 ms/)
  })

  test('a silent connection is given up, even if it had delivered before', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('data: b\n\n')])
    const source = await stage.open('ours', endpoint.url, { init: { timeouts: { idleMs: 300 }, reconnect: QUICK } })
    await source.until('message', 2)
    await source.close()
    await (await endpoint.exchange(0)).closed
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '1'])
    const [{ kind, status, willReconnect }] = await source.errors()
    // The response was not refused.
    assert.deepEqual({ kind, status: status ?? undefined, willReconnect }, { kind: 'timeout', status: undefined, willReconnect: true })
  })

  test('comments keep a connection alive', async () => {
    const endpoint = stage.server.endpoint([hold(':\n'), hold()])
    const source = await stage.open('ours', endpoint.url, { init: { timeouts: { idleMs: 1000 }, reconnect: QUICK } })
    const first = await endpoint.exchange(0)
    await source.until('open')
    const openedAt = performance.now()
    while (performance.now() - openedAt < 2500) {
      await first.write(':\n')
      await after(200)
    }
    assert.deepEqual((await source.read()).events.map(({ type }) => type), ['open'])
    await source.until('error')
    await source.close()
  })

  test('a page busy for longer than the timeout does not consider its connections dead', async (t) => {
    const endpoint = stage.server.endpoint([async (exchange) => {
      await hold()(exchange)
      const beats = setInterval(() => exchange.write(':\n'), 100)
      t.after(() => clearInterval(beats))
    }, hold()])
    const source = await stage.open('ours', endpoint.url, {
      init: { timeouts: { idleMs: 500 }, reconnect: QUICK },
      act: ({ type }, source) => {
        if (type !== 'open') return
        const work = (ms) => {
          const until = performance.now() + ms
          while (performance.now() < until);
        }
        // Two timers are due after the first piece of work: the second piece and the timeout. They run before what
        // arrives meanwhile is read.
        setTimeout(work, 350, 200)
        setTimeout(work, 400, 800)
        setTimeout(() => source.dispatchEvent(new Event('worked')), 1000)
      },
      types: ['worked'],
    })
    await source.until('worked')
    assert.deepEqual((await source.read()).events.map(({ type }) => type), ['open', 'worked'])
    await source.close()
  })

  test('a clock that is set back does not keep a dead connection alive', async (t) => {
    t.after(() => stage.reload())
    const endpoint = stage.server.endpoint([hold('data: a\n\n'), hold()])
    const source = await stage.open('ours', endpoint.url, { init: { timeouts: { idleMs: 500 }, reconnect: QUICK } })
    await source.until('message')
    await stage.evaluate(() => {
      const { now } = Date
      Date.now = () => now() - 3_600_000
    })
    await source.until('open', 2)
    await source.close()
    assert.deepEqual((await source.errors()).map(({ kind }) => kind), ['timeout'])
  })

  test('a server may announce its heartbeat in a comment', async () => {
    const endpoint = stage.server.endpoint([hold(': beat 150\n\n'), hold()])
    const source = await stage.open('ours', endpoint.url, {
      init: { timeouts: { heartbeatComment: 'beat' }, reconnect: QUICK },
    })
    await source.until('open', 2)
    await source.close()
    assert.deepEqual((await source.errors()).map(({ kind }) => kind), ['timeout'])
    assert.deepEqual((await source.read()).events.map(({ type }) => type), ['open', 'error', 'open'])
  })

  test('a server may announce its heartbeat', async () => {
    const endpoint = stage.server.endpoint([hold('event: beat\ndata: 150\n\n'), hold(':\n')])
    const source = await stage.open('ours', endpoint.url, {
      init: { timeouts: { heartbeatEvent: 'beat' }, reconnect: QUICK },
      types: ['beat'],
    })
    await source.until('open', 2)
    await source.close()
    assert.deepEqual((await source.errors()).map(({ kind }) => kind), ['timeout'])
    assert.deepEqual((await source.read()).events.map(({ type }) => type), ['open', 'beat', 'error', 'open'])
  })

  for (const [form, stream, option] of [
    ['a comment', ': beat 0\n\n', { heartbeatComment: 'beat' }],
    ['an event', 'event: beat\ndata: 0\n\n', { heartbeatEvent: 'beat' }],
  ]) {
    test(`a heartbeat of 0 in ${form} announces none`, async () => {
      const endpoint = stage.server.endpoint([hold(stream), hold()])
      const source = await stage.open('ours', endpoint.url, { init: { timeouts: option, reconnect: QUICK } })
      await source.until('open')
      await after(300)
      assert.deepEqual(await source.errors(), [])
      await source.close()
    })
  }

  for (const [name, wake] of Object.entries({
    'the back/forward cache': () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
    freezing: () => document.dispatchEvent(new Event('resume')),
    'an offline time': () => {
      dispatchEvent(new Event('offline'))
      dispatchEvent(new Event('online'))
    },
    // Noticed when the clock is checked: every 20 s, and on every page event.
    'a sleep': () => {
      const { now } = Date
      Date.now = () => now() + 95_000
      document.dispatchEvent(new Event('visibilitychange'))
    },
  })) {
    test(`after ${name}, a connection has to deliver a byte`, async (t) => {
      t.after(() => stage.reload())
      const dead = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('data: b\n\n')])
      const alive = stage.server.endpoint([hold('data: a\n\n'), hold()])
      const [replaced, kept] = await Promise.all([dead, alive].map(({ url }) => stage.open('ours', url, { init: { reconnect: QUICK } })))
      await Promise.all([replaced.until('message'), kept.until('message')])
      await stage.evaluate(wake)
      await (await alive.exchange(0)).write(':\n')
      await replaced.until('message', 2)
      assert.deepEqual(dead.requests.map(({ lastEventId }) => lastEventId), [undefined, '1'])
      assert.deepEqual((await kept.errors()).map(({ kind }) => kind), [])
      assert.equal(alive.requests.length, 1)
      await Promise.all([replaced.close(), kept.close()])
    })
  }

  test('a byte that arrives between the signal and the next task counts', async (t) => {
    t.after(() => stage.reload())
    const kinds = await stage.evaluate(async () => {
      const { EventSource } = await import('eventsource-wasm')
      let controller
      const body = new ReadableStream({ start: (given) => { controller = given } })
      const send = (text) => controller.enqueue(new TextEncoder().encode(text))
      const source = new EventSource('/unused', {
        reconnect: true,
        fetch: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
      })
      const kinds = []
      source.onerror = ({ kind }) => kinds.push(kind)
      const heard = new Promise((resolve) => { source.onmessage = resolve })
      send('data: a\n\n')
      await heard
      // It resumes reading after a task or two.
      await new Promise((resolve) => { setTimeout(resolve, 50) })
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
      send(':\n')
      await new Promise((resolve) => { setTimeout(resolve, 5600) })
      source.close()
      return kinds
    })
    assert.deepEqual(kinds, [])
  })

  test('loading, showing, going online without having been offline, and late timers leave connections alone', async (t) => {
    t.after(() => stage.reload())
    const endpoint = stage.server.endpoint([hold('data: a\n\n'), hold()])
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: QUICK } })
    await source.until('message')
    await stage.evaluate(() => {
      const { now } = Date
      Date.now = () => now() + 65_000
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))
      document.dispatchEvent(new Event('visibilitychange'))
      dispatchEvent(new Event('online'))
    })
    // Longer than the time that a connection has to deliver a byte.
    await after(5500)
    ;(await endpoint.exchange(0)).write('data: b\n\n')
    await source.until('message', 2)
    await source.close()
    assert.equal(endpoint.requests.length, 1)
  })

  // WebKitGTK's test browser shows every tab.
  const hidesTabs = stage.engineName !== 'webkit'

  test('a background tab keeps streaming', { skip: !hidesTabs }, async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const heard = stage.server.endpoint([reply(204), reply(204)])
    const source = await stage.open('ours', endpoint.url, {
      init: { reconnect: true },
      act: `({ data }) => {
        if (data) fetch('${heard.url}', { method: 'POST', body: data + ' ' + document.visibilityState })
      }`,
    })
    await heard.exchange(0)
    const { session } = stage.browser
    const behind = await session.getWindowHandle()
    await session.switchTo().newWindow('tab')
    await (await endpoint.exchange(0)).write('data: b\n\n')
    await Promise.race([heard.exchange(1), after(5000, undefined, { ref: false })])
    await session.close()
    await session.switchTo().window(behind)
    await source.close()
    assert.deepEqual(heard.requests.map(({ body }) => body.toString()), ['a visible', 'b hidden'])
  })

  test('in a worker a connection times out and the network wakes it', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('data: b\n\n')])
    const entry = stage.server.origin + importMap(stage.packed.manifest, '/package/')['eventsource-wasm']
    const kinds = await stage.evaluate(async (entry, url) => {
      const script = `
        import { EventSource } from '${entry}'
        const source = new EventSource('${url}', { reconnect: { maxBackoffMs: 0 }, timeouts: { idleMs: 300 } })
        const seen = []
        for (const type of ['open', 'message', 'error']) source.addEventListener(type, (event) => {
          seen.push(event.kind ?? event.type)
          if (type === 'error') {
            self.dispatchEvent(new Event('offline'))
            setTimeout(() => self.dispatchEvent(new Event('online')), 300)
          }
          if (event.data === 'b') postMessage(seen)
        })`
      const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })), { type: 'module' })
      const seen = await new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data)
        worker.onerror = (event) => reject(new Error(event.message))
      })
      worker.terminate()
      return seen
    }, entry, endpoint.url)
    assert.deepEqual(kinds, ['open', 'message', 'timeout', 'open', 'message'])
    // Offline for 300 ms, and then the least wait. Without the one, 100 ms; without the other, never.
    const { at } = await (await endpoint.exchange(0)).closed
    const heldMs = endpoint.requests[1].arrivedAt - at
    assert.ok(heldMs >= 290, `${heldMs} ms`)
  })
})
