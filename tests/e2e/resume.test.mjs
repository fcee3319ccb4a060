/** Resuming beyond the header `Last-Event-ID`: the options `resume`, `store` and `dedupe`. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

const first = stream('retry: 1\nid: 7 ü\ndata: a\n\n')
const second = hold('data: b\n\n')

onEveryEngine('resume', (stage) => {
  const queries = ({ requests }) => requests.map(({ url }) => url.split('?')[1])

  const resumed = async (endpoint, init, url = endpoint.url) => {
    const source = await stage.open('ours', url, { init })
    await source.until('message', 2)
    await source.close()
    return endpoint
  }

  test('by a query parameter, without the header', async () => {
    const endpoint = stage.server.endpoint([first, second])
    await resumed(endpoint, { resume: 'query' }, `${endpoint.url}?a=1`)
    assert.deepEqual(queries(endpoint), ['a=1', 'a=1&lastEventId=7+%C3%BC'])
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, undefined])
  })

  for (const [before, after] of [
    ['?topic=a%20b&name=M%FCller&sig=abc~(1)*!&flag&path=/x,y:z', '?topic=a%20b&name=M%FCller&sig=abc~(1)*!&flag&path=/x,y:z&lastEventId=7+%C3%BC'],
    ['?', '?lastEventId=7+%C3%BC'],
    ['?&', '?&&lastEventId=7+%C3%BC'],
    ['?a=b=c&&a#frag?x', '?a=b=c&&a&lastEventId=7+%C3%BC'],
    ['#frag', '?lastEventId=7+%C3%BC'],
    ['?a=%zz&last%45ventId=old&lastEventId&b=+', '?a=%zz&b=+&lastEventId=7+%C3%BC'],
  ]) {
    test(`by a query parameter, ${before} is sent as ${after}`, async () => {
      const endpoint = stage.server.endpoint([first, second])
      await resumed(endpoint, { resume: 'query' }, endpoint.url + before)
      assert.equal(endpoint.requests[1].url.slice(new URL(endpoint.url).pathname.length), after)
    })
  }

  test('by a function that changes nothing, the URL stays the same', async () => {
    const endpoint = stage.server.endpoint([first, second])
    await resumed(endpoint, () => ({ resume: ({ url }) => { url.searchParams.get('a') } }), `${endpoint.url}?a=%20b&c=~'(,)*`)
    const [before, after] = endpoint.requests
    assert.equal(after.url, before.url)
  })

  test('by a function, which may change the URL and the headers', async () => {
    const endpoint = stage.server.endpoint([first, second])
    await resumed(endpoint, () => ({
      headers: { 'x-test': 'none' },
      resume: async ({ url, headers, lastEventId }) => {
        url.searchParams.set('after', lastEventId)
        headers.set('x-test', 'resumed')
      },
    }))
    assert.deepEqual(queries(endpoint), [undefined, 'after=7+%C3%BC'])
    assert.deepEqual(endpoint.requests.map(({ headers }) => headers['x-test']), ['none', 'resumed'])
  })

  test('by the header, the default', async () => {
    const endpoint = await resumed(stage.server.endpoint([first, second]), { resume: 'header' })
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '7 ü'])
    assert.deepEqual(queries(endpoint), [undefined, undefined])
  })

  test('across origins by a query parameter needs no preflight', async () => {
    const cors = { origin: '*' }
    const endpoint = await resumed(stage.otherServer.endpoint([first, second], { cors }), { resume: 'query' })
    assert.equal(endpoint.preflights.length, 0)
  })

  test('a resume that fails across origins is explained', async () => {
    // Answers every request and allows no header: the preflight of the second fails.
    const cors = { origin: '*', headers: '' }
    const endpoint = stage.otherServer.endpoint([first, second], { cors })
    const source = await stage.open('ours', endpoint.url, { init: { reconnect: { maxBackoffMs: 0 } } })
    await source.until('error', 2)
    await source.close()
    const [ended, refused] = await source.errors()
    assert.doesNotMatch(ended.message, /Last-Event-ID/)
    assert.equal(refused.kind, 'network')
    assert.match(refused.message, /does the server allow the header Last-Event-ID across origins\? See the option `resume`/)
    assert.equal(endpoint.requests.length, 1)
  })
})

onEveryEngine('store', (stage) => {
  test('gives the first last event ID and gets every later one', async () => {
    const endpoint = stage.server.endpoint([hold('id: 2\ndata: a\n\nid: 3\n\n')])
    const source = await stage.open('ours', endpoint.url, {
      init: () => {
        globalThis.stored = ['1']
        return { store: { get: () => globalThis.stored.at(-1), set: (id) => globalThis.stored.push(id) } }
      },
    })
    await source.until('message')
    await source.close()
    assert.deepEqual(await stage.evaluate(() => globalThis.stored), ['1', '3'])
    assert.equal(endpoint.requests[0].lastEventId, '1')
  })

  for (const count of [1, 3]) {
    test(`holds no message that a loop has not taken, of three ${count}`, async () => {
      const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n')])
      const stored = await stage.evaluate(async (url, count) => {
        const { EventSource } = await import('eventsource-wasm')
        const stored = []
        const source = new EventSource(url, { store: { get: () => '', set: (id) => stored.push(id) } })
        let taken = 0
        for await (const _message of source.messages()) {
          taken += 1
          if (taken === count) break
        }
        return stored
      }, endpoint.url, count)
      assert.equal(stored.at(-1), `${count}`)
      assert.ok(stored.every((id) => id <= count), `${stored}`)
    })
  }

  test('an ID that no stream can set is not sent, and a store that fails costs nothing', async () => {
    for (const [get, uncaught] of [[() => 'a\r\nx-evil: 1', 1], [() => 5, 1], [() => null, 0], [() => { throw new Error('no store') }, 1]]) {
      const endpoint = stage.server.endpoint([hold('data: a\n\n')])
      const source = await stage.open('ours', endpoint.url, { init: `() => ({ store: { get: ${get}, set() {} } })` })
      await source.until('message')
      await source.close()
      assert.equal(endpoint.requests[0].lastEventId, undefined)
      assert.equal((await stage.browser.takeUncaught()).length, uncaught)
    }
  })

  test('sessionStore() keeps the ID across a reload, and hides it from a duplicated tab', async () => {
    const endpoint = stage.server.endpoint([hold('id: 5\ndata: a\n\n'), hold('data: b\n\n')])
    const play = async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      const { sessionStore } = await import('eventsource-wasm/session-store')
      if (sessionStore('test') !== sessionStore('test')) throw new Error('one store for each name')
      const source = new EventSource(url, { store: sessionStore('test') })
      await new Promise((resolve) => { source.onmessage = resolve })
      return [...Array(sessionStorage.length).keys()].map((index) => sessionStorage.key(index))
    }
    assert.deepEqual(await stage.evaluate(play, endpoint.url), [])
    await stage.reload()
    assert.deepEqual(await stage.evaluate(play, endpoint.url), [])
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '5'])
    await stage.reload()
  })
})

onEveryEngine('sessionStore()', (stage) => {
  test('a page restored from the back/forward cache removes what it wrote on leaving', async () => {
    const kept = await stage.evaluate(async () => {
      const { sessionStore } = await import('eventsource-wasm/session-store')
      const store = sessionStore('kept')
      const found = []
      const look = () => found.push(sessionStorage.length, store.get())
      const turn = (type) => dispatchEvent(new PageTransitionEvent(type, { persisted: true }))
      store.set('5')
      look()
      turn('pagehide')
      look()
      turn('pageshow')
      look()
      return found
    })
    assert.deepEqual(kept, [0, '5', 1, '5', 0, '5'])
  })

  test('a hidden page may end without notice: it has written by then, and keeps writing', async () => {
    const written = await stage.evaluate(async () => {
      const { sessionStore } = await import('eventsource-wasm/session-store')
      const key = 'eventsource-wasm:hidden'
      const written = []
      let state = 'visible'
      Object.defineProperty(document, 'visibilityState', { get: () => state, configurable: true })
      const turn = (to) => {
        state = to
        document.dispatchEvent(new Event('visibilitychange'))
        written.push(sessionStorage.getItem(key))
      }
      const store = sessionStore('hidden')
      turn('hidden')
      store.set('5')
      written.push(sessionStorage.getItem(key))
      turn('visible')
      store.set('6')
      written.push(sessionStorage.getItem(key))
      turn('hidden')
      // As its copy in a page that begins again finds it.
      turn('visible')
      delete document.visibilityState
      return written
    })
    assert.deepEqual(written, [null, '5', null, null, '6', null])
  })
})

onEveryEngine('dedupe', (stage) => {
  test('drops what a server replays within the window, but no message without an ID of its own', async () => {
    const endpoint = stage.server.endpoint([
      stream('retry: 1\n\nid: 1\ndata: a\n\ndata: no id\n\nid: 2\ndata: b\n\n'),
      stream('id: 1\ndata: a\n\nid: 2\ndata: b\n\ndata: no id\n\nid: 3\ndata: c\n\nid: 4\ndata: d\n\n'),
      hold('id: 2\ndata: b again\n\nid: 4\ndata: d\n\nid: 5\ndata: e\n\n'),
    ])
    const source = await stage.open('ours', endpoint.url, { init: { dedupe: 2 } })
    await source.until('message', 8)
    await source.close()
    const { events } = await source.read()
    const data = events.filter(({ type }) => type === 'message').map(({ data }) => data)
    assert.deepEqual(data, ['a', 'no id', 'b', 'no id', 'c', 'd', 'b again', 'e'])
  })
})
