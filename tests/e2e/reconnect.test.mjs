/** Reconnecting beyond HTML 9.2.3: the option `reconnect`. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { garble, hold, reply, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

const SOON = 'retry: 1\n\n'
/** No more than the least wait of 100 ms. */
const QUICK = { maxBackoffMs: 0 }

const unavailable = reply(503)

onEveryEngine('reconnect', (stage) => {
  test('transient statuses are retried until the stream opens', async () => {
    // Chromium itself repeats a request, a POST too, if it gets 408 on a connection that was used before. So none is:
    // a server of its own, which closes them all.
    const statuses = [408, 425, 429, 500, 502, 503, 504, 408]
    const replies = statuses.map((status) => reply(status, { connection: 'close' }))
    const endpoint = stage.otherServer.endpoint([...replies, hold('data: a\n\n')], { cors: { origin: '*' } })
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: QUICK } })
    await source.until('message')
    await source.close()
    const errors = await source.errors()
    assert.deepEqual(errors.map(({ status }) => status), statuses)
    assert.deepEqual(errors.map(({ attempt }) => attempt), statuses.map((_, attempt) => attempt))
    assert.ok(errors.every(({ kind, willReconnect }) => kind === 'http' && willReconnect))
    assert.equal(endpoint.requests.length, statuses.length + 1)
  })

  for (const status of [204, 400, 401, 403, 404, 410]) {
    test(`status ${status} is final`, async () => {
      const endpoint = stage.server.endpoint([reply(status)])
      const source = await stage.open('ours', endpoint.url, { init: { reconnect: true } })
      await source.until('error')
      const [{ kind, willReconnect }] = await source.errors()
      assert.deepEqual({ kind, willReconnect }, { kind: 'http', willReconnect: false })
      assert.equal(await source.readyState(), 2)
      assert.equal(endpoint.requests.length, 1)
    })
  }

  for (const status of [401, 403]) {
    test(`status ${status} is followed by one attempt with fresh headers`, async () => {
      const endpoint = stage.server.endpoint([reply(status), hold('data: a\n\n'), reply(status), reply(status)])
      const source = await stage.open('ours', endpoint.url, {
        init: () => ({ headers: ({ attempt, reason }) => ({ 'x-test': `${attempt} ${reason}` }), reconnect: { maxBackoffMs: 0 } }),
      })
      await source.until('message')
      ;(await endpoint.exchange(1)).cut()
      await source.until('error', 4)
      assert.equal(await source.readyState(), 2)
      assert.deepEqual(endpoint.requests.map(({ headers }) => headers['x-test']), ['0 open', '1 http', '2 network', '3 http'])
    })
  }

  // The least wait is 100 ms, and the random part has a bound that begins there and doubles.
  for (const { random, reconnect, delays } of [
    { random: 0, reconnect: true, delays: [100, 100, 100, 100] },
    { random: 0.5, reconnect: true, delays: [150, 200, 300, 500] },
    { random: 0.5, reconnect: { maxBackoffMs: 150 }, delays: [150, 175, 175, 175] },
  ]) {
    test(`the waits are ${delays} ms where chance says ${random} and \`reconnect\` is ${JSON.stringify(reconnect)}`, async (t) => {
      t.after(() => stage.reload())
      const endpoint = stage.server.endpoint([stream('retry: 20\n\n'), garble, garble, garble, hold()])
      const source = await stage.open('ours', endpoint.url, {
        init: `() => {
          Math.random = () => ${random}
          return { reconnect: ${JSON.stringify(reconnect)} }
        }`,
      })
      await source.until('open', 2)
      await source.close()
      assert.deepEqual((await source.errors()).map(({ delayMs }) => delayMs), delays)
    })
  }

  test('Retry-After in seconds is the least wait', async () => {
    const endpoint = stage.server.endpoint([reply(503, { 'retry-after': '1' }), hold(':\n')])
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: QUICK } })
    await source.until('open')
    await source.close()
    const [{ delayMs }] = await source.errors()
    assert.equal(delayMs, 1000)
    const [first, second] = endpoint.requests
    assert.ok(second.arrivedAt - first.arrivedAt >= 990, `${second.arrivedAt - first.arrivedAt} ms`)
  })

  test('Retry-After as a date is the least wait', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString()
    const endpoint = stage.server.endpoint([reply(429, { 'retry-after': date })])
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: QUICK } })
    await source.until('error')
    await source.close()
    const [{ delayMs }] = await source.errors()
    assert.ok(delayMs > 50_000 && delayMs <= 60_000, `${delayMs} ms`)
  })

  for (const [what, retryAfter] of [['is nonsense', 'soon'], ['is over', 'Wed, 21 Oct 2015 07:28:00 GMT']]) {
    test(`a Retry-After that ${what} is ignored`, async () => {
      const endpoint = stage.server.endpoint([reply(503, { 'retry-after': retryAfter }), hold()])
      const source = await stage.open('ours', endpoint.url, { init: { reconnect: QUICK } })
      await source.until('open')
      await source.close()
      assert.equal((await source.errors())[0].delayMs, 100)
    })
  }

  test('neither the network nor the page makes the request come before Retry-After', async () => {
    const endpoint = stage.server.endpoint([reply(503, { 'retry-after': '1' }), hold()])
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: QUICK } })
    await source.until('error')
    await stage.evaluate(() => {
      for (const type of ['offline', 'online']) dispatchEvent(new Event(type))
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await source.until('open')
    await source.close()
    const [first, second] = endpoint.requests
    assert.ok(second.arrivedAt - first.arrivedAt >= 990, `${second.arrivedAt - first.arrivedAt} ms`)
  })

  test('a `retry` beyond what timers take makes no storm', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 99999999999\n\n'), hold()])
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: QUICK } })
    await source.until('error')
    assert.equal((await source.errors())[0].delayMs, 2 ** 31 - 1)
    // A timer with too long a delay fires at once.
    await after(300)
    await source.close()
    assert.equal(endpoint.requests.length, 1)
  })

  test('a `retry` of 0 makes no storm', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 0\n\n'), hold()])
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: QUICK } })
    await source.until('open', 2)
    await source.close()
    assert.equal((await source.errors())[0].delayMs, 100)
    const [first, second] = endpoint.requests
    assert.ok(second.arrivedAt - first.arrivedAt >= 95, `${second.arrivedAt - first.arrivedAt} ms`)
  })

  test('only an event and a stable time end a row of failures', async () => {
    const short = stream(`${SOON}data: a\n\n`)
    for (const [stableMs, attempts] of [[0, [0, 1, 1]], [60_000, [0, 1, 2]]]) {
      const endpoint = stage.server.endpoint([short, short, short])
      const source = await stage.open('ours', endpoint.url, { init: { reconnect: { ...QUICK, stableMs } } })
      await source.until('error', 3)
      await source.close()
      assert.deepEqual((await source.errors()).map(({ attempt }) => attempt), attempts)
    }
  })

  test('after maxAttempts the source sleeps until reconnect() or the page wakes it', async () => {
    const wakers = {
      'reconnect()': (source) => source.reconnect(),
      online: () => {
        dispatchEvent(new Event('offline'))
        dispatchEvent(new Event('online'))
      },
      visible: () => document.dispatchEvent(new Event('visibilitychange')),
    }
    for (const [name, wake] of Object.entries(wakers)) {
      const endpoint = stage.server.endpoint([unavailable, unavailable, hold('data: a\n\n')])
      const source = await stage.open('ours', endpoint.url, { init: { reconnect: { ...QUICK, maxAttempts: 2 } } })
      await source.until('error', 2)
      assert.equal(await source.readyState(), 0, name)
      const [, last] = await source.errors()
      assert.deepEqual([last.willReconnect, last.delayMs], [true, 'Infinity'], name)
      // Three times the wait that it would have been.
      await after(300)
      assert.equal(endpoint.requests.length, 2, name)
      await source.run(wake)
      await source.until('message')
      await source.close()
      assert.equal(endpoint.requests.length, 3, name)
    }
  })

  test('a page that is hidden wakes nothing', async (t) => {
    t.after(() => stage.reload())
    const endpoint = stage.server.endpoint([unavailable, hold()])
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: { ...QUICK, maxAttempts: 1 } } })
    await source.until('error')
    await stage.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await after(300)
    await source.close()
    assert.equal(endpoint.requests.length, 1)
  })

  test('no request is made while the page is offline', async () => {
    const endpoint = stage.server.endpoint([hold(`${SOON}id: 1\ndata: a\n\n`), hold('data: b\n\n')])
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: QUICK } })
    await source.until('message')
    await stage.evaluate(() => { dispatchEvent(new Event('offline')) })
    ;(await endpoint.exchange(0)).cut()
    await source.until('error')
    assert.equal((await source.errors())[0].delayMs, 'Infinity')
    // Twice the wait that it would have been.
    await after(200)
    assert.equal(endpoint.requests.length, 1)
    await stage.evaluate(() => { dispatchEvent(new Event('online')) })
    await source.until('message', 2)
    await source.close()
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '1'])
  })

  test('a page that was offline from the start makes no second request', async (t) => {
    t.after(() => stage.reload())
    const endpoint = stage.server.endpoint([garble, hold('data: a\n\n')])
    const source = await stage.open('ours', endpoint.url, {
      init: () => {
        Object.defineProperty(navigator, 'onLine', { value: false })
        return { reconnect: { maxBackoffMs: 0 } }
      },
    })
    await source.until('error')
    assert.equal((await source.errors())[0].delayMs, 'Infinity')
    await after(200)
    assert.equal(endpoint.requests.length, 1)
    await stage.evaluate(() => { dispatchEvent(new Event('online')) })
    await source.until('message')
    await source.close()
  })

  test('a page that is visible and online again wakes a source that missed the events', async (t) => {
    t.after(() => stage.reload())
    const endpoint = stage.server.endpoint([hold(`${SOON}data: a\n\n`), hold('data: b\n\n')])
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: QUICK } })
    await source.until('message')
    await stage.evaluate(() => { dispatchEvent(new Event('offline')) })
    ;(await endpoint.exchange(0)).cut()
    await source.until('error')
    const look = (onLine) => stage.evaluate((onLine) => {
      Object.defineProperty(navigator, 'onLine', { value: onLine, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, onLine)
    await look(false)
    await after(200)
    assert.equal(endpoint.requests.length, 1)
    await look(true)
    await source.until('message', 2)
    await source.close()
  })

  test('a POST is not replayed blindly unless told to', async () => {
    for (const [replay, requests] of [['safe', 1], ['always', 2]]) {
      const endpoint = stage.server.endpoint([hold(`${SOON}data: a\n\n`), hold('data: b\n\n')])
      const source = await stage.open('ours', endpoint.url, {
        init: { method: 'POST', body: 'q', reconnect: { ...QUICK, replay } },
      })
      await source.until('message')
      ;(await endpoint.exchange(0)).cut()
      await source.until(requests === 1 ? 'error' : 'message', requests)
      const expected = requests === 1 ? 2 : 1
      assert.equal(await source.readyState(), expected, replay)
      await source.close()
      assert.deepEqual(endpoint.requests.map(({ body }) => body.toString()), Array(requests).fill('q'))
    }
  })

  test('a POST that the server refused for now is sent again where that is allowed', async () => {
    const endpoint = stage.server.endpoint([unavailable, hold('data: a\n\n')])
    const source = await stage.open('ours', endpoint.url, { init: { method: 'POST', body: 'q', reconnect: { ...QUICK, replay: 'always' } } })
    await source.until('message')
    await source.close()
    assert.equal(endpoint.requests.length, 2)
  })

  test('any other POST is not, and the error says how to allow it', async () => {
    const endpoint = stage.server.endpoint([unavailable])
    const source = await stage.open('ours', endpoint.url, { init: { method: 'POST', body: 'q', reconnect: QUICK } })
    await source.until('error')
    const [{ willReconnect, message }] = await source.errors()
    assert.equal(willReconnect, false)
    assert.match(message, /replay: "always"/)
    assert.equal(await source.readyState(), 2)
    assert.equal(endpoint.requests.length, 1)
  })

  test('`reconnect: false` makes one request', async () => {
    const endpoint = stage.server.endpoint([stream('data: a\n\n')])
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: false } })
    await source.until('error')
    assert.equal(await source.readyState(), 2)
    assert.equal(endpoint.requests.length, 1)
  })

  test('reconnect() replaces the connection and keeps the last event ID', async () => {
    const endpoint = stage.server.endpoint([hold('id: 7\ndata: a\n\n'), hold('data: b\n\n')])
    const source = await stage.open('ours', endpoint.url)
    await source.until('message')
    const states = await source.run((source) => {
      source.reconnect()
      return source.readyState
    })
    assert.equal(states, 1, 'the event comes in a task of its own')
    await source.until('message', 2)
    await source.close()
    await (await endpoint.exchange(0)).closed
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '7'])
    const [{ kind, willReconnect, delayMs }] = await source.errors()
    assert.deepEqual({ kind, willReconnect, delayMs }, { kind: 'reconnect', willReconnect: true, delayMs: 0 })
  })

  test('reconnect() in a listener loses and repeats no event', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\nid: 2\ndata: b\n\n'), hold('id: 3\ndata: c\n\n')])
    const source = await stage.open('ours', endpoint.url, {
      act: (event, source) => {
        if (event.data === 'a') source.reconnect()
      },
    })
    await source.until('message', 3)
    await source.close()
    const { events } = await source.read()
    assert.deepEqual(events.filter(({ type }) => type === 'message').map(({ data }) => data), ['a', 'b', 'c'])
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '2'])
  })

  test('reconnect() ignores whether the page is offline, connected or not', async () => {
    const replies = ['a', 'b', 'c'].map((data) => hold(`data: ${data}\n\n`))
    const endpoint = stage.server.endpoint(replies)
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: QUICK } })
    const reconnect = () => source.run((source) => source.reconnect())
    await source.until('message')
    await stage.evaluate(() => { dispatchEvent(new Event('offline')) })
    await reconnect()
    await source.until('message', 2)
    ;(await endpoint.exchange(1)).cut()
    await source.until('error', 2)
    await reconnect()
    await source.until('message', 3)
    await source.close()
    const told = (await source.errors()).map(({ kind, delayMs }) => [kind, delayMs])
    assert.deepEqual(told, [['reconnect', 0], ['network', 'Infinity']])
  })

  test('reconnect() on a closed source throws', async () => {
    const source = await stage.open('ours', stage.server.endpoint([hold()]).url)
    await source.close()
    assert.equal(await source.nameOfThrown((source) => source.reconnect()), 'InvalidStateError')
  })
})
