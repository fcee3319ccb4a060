/** How tabs that share a connection handle difficult servers, requests and pages. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hold, holdAs, reply, stream } from '../e2e/endpoint.mjs'
import { importMap } from '../e2e/packed.mjs'
import { pageHtml } from '../e2e/page.mjs'
import { onEveryEngine } from '../e2e/stage.mjs'
import { DevTools } from './dev-tools.mjs'
import { Feed } from './feed.mjs'
import { Tab } from './tab.mjs'

const SHARE = { key: 'a user', pingMs: 1000 }

onEveryEngine('shared answers', (stage) => {
  before(() => stage.server.folder('/share/', fileURLToPath(new URL('.', import.meta.url))))

  test('a status that refuses the stream reaches the source', async () => {
    const endpoint = stage.server.endpoint([reply(403, { 'content-type': 'text/plain' }, 'no')])
    const [error] = await inPage(endpoint.url, { share: SHARE, until: 'error' })
    assert.deepEqual(error, { status: 403, bodySnippet: 'no', readyState: 2 })
    assert.equal(endpoint.requests.length, 1)
  })

  const texts = [
    { text: '（no）', type: 'text/plain', gets: '（no）' },
    { text: '\uFEFFno', type: 'text/plain', gets: '\uFEFFno' },
    { text: '（: no field\n\n', type: 'text/event-stream', gets: '（: no field\n\n' },
    { text: '\uFEFFdata: a\n\n', type: 'text/event-stream', gets: 'data: a\n\n' },
    { text: '\uFEFF\uFEFFdata: a\n\n', type: 'text/event-stream', gets: '\uFEFFdata: a\n\n' },
  ]
  for (const { text, type, gets } of texts) {
    test(`${type} of ${JSON.stringify(text)}, cut anywhere, is read as ${JSON.stringify(gets)}`, async () => {
      const got = await stage.evaluate(async (text, type, share) => {
        const { sharedFetch } = await import('eventsource-wasm/share')
        const bytes = new TextEncoder().encode(text)
        const got = new Set()
        for (let first = 0; first < 4; first++) {
          for (let second = first; second < 5; second++) {
            const pieces = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]
            const body = new ReadableStream({ start: (controller) => {
              for (const piece of pieces) controller.enqueue(piece)
              controller.close()
            } })
            const fetch = async () => new Response(body, { headers: { 'content-type': type } })
            const response = await sharedFetch({ ...share, fetch })('/bytes')
            got.add(new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer()))
          }
        }
        return [...got]
      }, text, type, SHARE)
      assert.deepEqual(got, [gets])
    })
  }

  for (const [name, size, requests] of [['small', 1000, 1], ['larger than what tabs keep', 300_000, 2]]) {
    test(`a tab that joins amid a ${name} answer that is no stream gets all of it`, async () => {
      const start = `{ "error": "${'x'.repeat(size)}",\n\n`
      const rest = '"code": 7 }'
      const json = { 'content-type': 'application/json' }
      const endpoint = stage.server.endpoint([holdAs(json, start), reply(403, json, start + rest)])
      await stage.evaluate(async (url, share, length) => {
        const { sharedFetch } = await import('eventsource-wasm/share')
        // With its cache, Firefox lets the second request wait for the end of the first.
        const get = () => sharedFetch({ ...share, replayBytes: 65_536 })(url, { cache: 'no-store' })
        const reader = (await get()).body.getReader()
        let first = ''
        const readOn = async () => {
          const { value, done } = await reader.read()
          first += new TextDecoder().decode(value)
          return !done
        }
        while (first.length < length) await readOn()
        const second = await get()
        globalThis.texts = Promise.all([second.text(), (async () => { while (await readOn()); return first })()])
      }, endpoint.url, SHARE, start.length)
      const exchange = await endpoint.exchange(0)
      await exchange.write(rest)
      exchange.end()
      const texts = await stage.evaluate(() => globalThis.texts)
      assert.deepEqual(texts.map((text) => text === start + rest), [true, true])
      assert.equal(endpoint.requests.length, requests)
    })
  }

  test('the end of the stream reaches the source, which resumes', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 100\nid: 7\ndata: a\n\n'), hold('data: b\n\n')])
    const seen = await inPage(endpoint.url, { share: SHARE, until: 'b' })
    assert.deepEqual(seen, ['a', { status: null, bodySnippet: null, readyState: 0 }, 'b'])
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '7'])
  })

  test('the end reaches every tab, busy or not, and none repeats the request', async () => {
    const tabs = [await Tab.open(stage), await Tab.open(stage), await Tab.open(stage)]
    for (const busyMs of [0, 0, 300, 300]) {
      const endpoint = stage.server.endpoint([hold()])
      for (const tab of tabs) {
        await tab.evaluate(async (url, share) => {
          const { sharedFetch } = await import('eventsource-wasm/share')
          await new Promise((resolve) => {
            const onRole = (role) => { if (role === 'leading' || role === 'following') resolve() }
            globalThis.text = sharedFetch({ ...share, onRole })(url, { method: 'POST', body: 'x' }).then((response) => response.text()).then((text) => text.replace(/^:\n/, ''), String)
          })
        }, endpoint.url, SHARE)
      }
      for (const tab of tabs.slice(1)) {
        await tab.evaluate((ms) => { setTimeout(() => { for (const end = performance.now() + ms; performance.now() < end;); }) }, busyMs)
      }
      const exchange = await endpoint.exchange(0)
      await exchange.write('data: done\n\n')
      exchange.end()
      const texts = []
      for (const tab of tabs) texts.push(await tab.evaluate(() => globalThis.text))
      assert.deepEqual(texts, Array(3).fill('data: done\n\n'))
      assert.equal(endpoint.requests.length, 1)
    }
    for (const tab of tabs.slice(1)) await tab.close()
    await close(tabs[0])
  })

  test('it takes what fetch takes, and onRole gets the URL', async () => {
    const endpoint = stage.server.endpoint([hold(), hold(), hold()])
    const [urls, href] = await stage.evaluate(async (url, share) => {
      const { sharedFetch } = await import('eventsource-wasm/share')
      const urls = []
      const shared = sharedFetch({ ...share, onRole: (role, url) => urls.push(url) })
      for (const request of [[new Request(`${url}?1`)], [new URL(`${url}?2`, location), null], [`${url}?3`, undefined]]) {
        const { body } = await shared(...request)
        await body.cancel()
      }
      return [[...new Set(urls)], new URL(url, location).href]
    }, endpoint.url, SHARE)
    assert.deepEqual(urls, [1, 2, 3].map((n) => `${href}?${n}`))
  })

  test('with the ID in the query, a separator at the end of the URL makes no other group', async () => {
    const endpoint = stage.server.endpoint([hold('id: 5\n\n')])
    await stage.evaluate(async (url, share) => {
      const { sharedFetch } = await import('eventsource-wasm/share')
      const shared = sharedFetch({ ...share, resume: 'query' })
      const bodies = []
      for (const query of ['?a=1&', '?a=1&&lastEventId=5', '?lastEventId=5&a=1', '?a=1&lastEventId=5&']) bodies.push((await shared(url + query)).body)
      for (const body of bodies) await body.cancel()
    }, endpoint.url, SHARE)
    assert.equal(endpoint.requests.length, 1)
  })

  test('a body that is not text is sent by the tab itself', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    await inPage(endpoint.url, { share: SHARE, until: 'a', init: '() => ({ method: "POST", body: new Uint8Array([1, 2]) })' })
    assert.equal(endpoint.requests[0].body.length, 2)
  })

  test('a source that resumes by a function makes its requests itself', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 100\nid: 7\ndata: a\n\n'), hold('data: b\n\n')])
    const init = '() => ({ resume({ url, lastEventId }) { url.searchParams.set("after", lastEventId) } })'
    await inPage(endpoint.url, { share: SHARE, until: 'b', init })
    assert.deepEqual(endpoint.requests.map(({ url }) => url.split('?')[1]), [undefined, 'after=7'])
    assert.deepEqual(await stage.evaluate(() => globalThis.roles), ['alone', 'alone'])
  })

  const silent = async (exchange) => exchange.head(200, { 'content-type': 'text/event-stream' })
  const replies = { leading: silent, following: hold('data: a\n\n'), alone: silent, over: stream('data: a\n\n') }
  for (const [role, reply] of Object.entries(replies)) {
    test(`a source that onRole closes when the role is ${role} leaves nothing behind`, { timeout: 15_000 }, async () => {
      const endpoint = stage.server.endpoint([reply])
      const errors = await stage.evaluate(async (url, share, role) => {
        const [{ EventSource }, { sharedFetch }] = await Promise.all([import('eventsource-wasm'), import('eventsource-wasm/share')])
        const errors = []
        const failed = ({ message, reason }) => errors.push(message ?? String(reason))
        globalThis.addEventListener('error', failed)
        globalThis.addEventListener('unhandledrejection', failed)
        const { locks } = navigator
        if (role === 'alone') Object.defineProperty(navigator, 'locks', { value: { request: () => Promise.reject(new Error('no')) }, configurable: true })
        const other = role === 'following' ? new EventSource(url, { fetch: sharedFetch(share) }) : undefined
        await new Promise((resolve) => { if (other) other.onmessage = resolve; else resolve() })
        await new Promise((resolve) => {
          const source = new EventSource(url, { fetch: sharedFetch({ ...share, onRole(now) {
            if (now === role) source.close()
            if (now === 'over') resolve()
          } }) })
        })
        other?.close()
        if (role === 'alone') Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })
        await new Promise((resolve) => { setTimeout(resolve, 100) })
        globalThis.removeEventListener('error', failed)
        globalThis.removeEventListener('unhandledrejection', failed)
        return errors
      }, endpoint.url, SHARE, role)
      assert.deepEqual(errors, [])
      for (const exchange of endpoint.exchanges) await exchange.closed
    })
  }

  test('what the platform refuses is no unhandled rejection', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const reasons = await stage.evaluate(async (url, share) => {
      const { sharedFetch } = await import('eventsource-wasm/share')
      const reasons = []
      const failed = ({ reason }) => reasons.push(String(reason))
      globalThis.addEventListener('unhandledrejection', failed)
      const lasting = (ms) => new Promise((resolve) => { setTimeout(resolve, ms) })
      const { locks } = navigator
      const abort = new AbortController()
      // The caller leaves between the response and its use.
      const left = sharedFetch({ ...share, async fetch(...request) {
        const response = await fetch(...request)
        abort.abort()
        await lasting(0)
        return response
      } })(url, { signal: abort.signal })
      await left.catch(() => {})
      // A page that is going away can neither ask who has the lock nor break it.
      let lock
      const request = (name, { steal }, granted) => {
        lock = name
        return steal ? Promise.reject(new Error('steal')) : locks.request('taken', granted)
      }
      for (const query of [() => Promise.reject(new Error('query')), async () => ({ held: [{ name: lock, clientId: 'one' }] })]) {
        await locks.request('taken', () => {
          Object.defineProperty(navigator, 'locks', { value: { query, request }, configurable: true })
          const leaving = new AbortController()
          const waiting = sharedFetch({ ...share, pingMs: 40 })(url, { signal: leaving.signal })
          waiting.catch(() => {})
          return lasting(300).then(() => leaving.abort())
        })
      }
      Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })
      await lasting(100)
      globalThis.removeEventListener('unhandledrejection', failed)
      return reasons
    }, endpoint.url, SHARE)
    assert.deepEqual(reasons, [])
  })

  test('without locks it is a plain fetch', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    await stage.evaluate(() => { Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true }) })
    assert.deepEqual(await inPage(endpoint.url, { share: SHARE, until: 'a' }), ['a'])
    await stage.reload()
  })

  test('the lock, whose name every page of the origin can list, does not reveal the channel', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const [channels, locks] = await stage.evaluate(async (url, share) => {
      const [{ EventSource }, { sharedFetch }] = await Promise.all([import('eventsource-wasm'), import('eventsource-wasm/share')])
      const { BroadcastChannel } = globalThis
      const channels = []
      globalThis.BroadcastChannel = class extends BroadcastChannel {
        constructor(name) {
          super(name)
          channels.push(name)
        }
      }
      const source = new EventSource(url, { fetch: sharedFetch(share) })
      await new Promise((resolve) => { source.onmessage = resolve })
      const { held } = await navigator.locks.query()
      source.close()
      globalThis.BroadcastChannel = BroadcastChannel
      return [channels, held.map(({ name }) => name)]
    }, endpoint.url, SHARE)
    assert.equal(locks.length, 1)
    assert.equal(channels.length, 2)
    for (const channel of channels) assert.ok(!channel.startsWith(locks[0]), channel)
  })

  test('an option that cannot work is refused at once, by name', async () => {
    const cases = [
      ['key', ''], ['key', 5], ['replayBytes', NaN], ['replayBytes', Infinity], ['replayBytes', '1e5'], ['pingMs', Infinity],
      ['pingMs', NaN], ['pingMs', 0], ['pingMs', -1], ['pingMs', 2 ** 31], ['pingMs', '50'], ['onRole', 5], ['fetch', 5],
      ['resume', 'x'], ['ping', 5],
    ]
    // JSON has no NaN.
    const problems = await stage.evaluate(async (cases) => {
      const { sharedFetch } = await import('eventsource-wasm/share')
      return (0, eval)(cases).map(([name, value]) => {
        try {
          sharedFetch({ key: 'a user', [name]: value })
        } catch (error) {
          return error instanceof TypeError && error.message.includes(name)
        }
      })
    }, `[${cases.map(([name, value]) => `['${name}', ${typeof value === 'string' ? `'${value}'` : value}]`)}]`)
    assert.deepEqual(problems, cases.map(() => true))
  })

  test('an option that is undefined is the default', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const share = '{ replayBytes: undefined, pingMs: undefined, resume: undefined, fetch: undefined, onRole: undefined }'
    await stage.evaluate(async (url, share) => {
      const { sharedFetch } = await import('eventsource-wasm/share')
      const { body } = await sharedFetch({ key: 'a user', ...(0, eval)(`(${share})`) })(url)
      await body.cancel()
    }, endpoint.url, share)
    assert.equal(endpoint.requests.length, 1)
  })

  test('the origin of messages is that of the URL after redirects', async () => {
    const target = stage.otherServer.endpoint([hold('data: a\n\n')], { cors: { origin: '*' } })
    const endpoint = stage.server.endpoint([async (exchange) => { exchange.head(302, { location: target.url }); exchange.end() }])
    const origin = await stage.evaluate(async (url, share) => {
      const [{ EventSource }, { sharedFetch }] = await Promise.all([import('eventsource-wasm'), import('eventsource-wasm/share')])
      const source = new EventSource(url, { fetch: sharedFetch(share) })
      return new Promise((resolve) => { source.onmessage = ({ origin }) => { source.close(); resolve(origin) } })
    }, endpoint.url, SHARE)
    assert.equal(origin, stage.otherServer.origin)
  })

  for (const resume of ['header', 'query']) {
    test(`the next leader tells the server the ID by ${resume}`, async () => {
      const endpoint = stage.server.endpoint([hold('id: x+ü\ndata: 1\n\n'), hold('data: 2\n\n')])
      const tabs = [await Tab.open(stage), await Tab.open(stage)]
      for (const tab of tabs) await tab.start(endpoint.url, SHARE, { resume })
      await tabs[0].until(1)
      while (await tabs[1].role() !== 'following');
      await tabs[0].close()
      await tabs[1].until(2)
      const { url, lastEventId } = endpoint.requests[1]
      if (resume === 'header') assert.equal(lastEventId, 'x+ü')
      else assert.equal(new URL(url, stage.server.origin).searchParams.get('lastEventId'), 'x+ü')
      assert.deepEqual((await tabs[1].read()).errors, [])
      await close(tabs[1])
    })
  }

  test('without ids, the sources learn that events may be missing', async () => {
    const endpoint = stage.server.endpoint([hold('retry: 100\ndata: 1\n\n'), hold('data: 2\n\n')])
    const tabs = [await Tab.open(stage), await Tab.open(stage)]
    for (const tab of tabs) await tab.start(endpoint.url, SHARE)
    while (await tabs[1].role() !== 'following');
    await tabs[0].close()
    await tabs[1].until(2)
    const { errors, opens } = await tabs[1].read()
    assert.deepEqual({ errors: errors.length, opens }, { errors: 1, opens: 2 })
    await close(tabs[1])
  })

  test('a frame of another site shares nothing with a tab', async () => {
    const feed = new Feed()
    const { url } = stage.server.endpoint(Array(10).fill(feed.reply))
    const tabs = [await Tab.open(stage), await Tab.open(stage)]
    await tabs[0].start(url, SHARE)
    await tabs[0].until(feed.number + 5)
    const around = stage.server.page('/around', `<iframe src="${startingPage(url)}"></iframe>`)
    await tabs[1].navigate(around.replace('127.0.0.1', 'localhost'))
    while (feed.requests < 2) await tabs[0].until(feed.number + 5)
    assert.equal(feed.live.size, 2)
    await tabs[1].close()
    await close(tabs[0])
  })

  if (stage.engineName === 'chromium') {
    test('a private window shares nothing with a tab', async () => {
      const feed = new Feed()
      const { url } = stage.server.endpoint(Array(10).fill(feed.reply))
      const tab = await Tab.open(stage)
      await tab.start(url, SHARE)
      await tab.until(feed.number + 5)
      const devTools = await DevTools.of(stage.browser.session)
      const { browserContextId } = await devTools.call('Target.createBrowserContext')
      await devTools.call('Target.createTarget', { url: startingPage(url), browserContextId })
      while (feed.requests < 2) await tab.until(feed.number + 5)
      assert.equal(feed.live.size, 2)
      await devTools.call('Target.disposeBrowserContext', { browserContextId })
      devTools.close()
      await close(tab)
    })
  }

  test('thirty sources follow without joining again, however little they are to keep', async () => {
    const feed = new Feed()
    const { url } = stage.server.endpoint([feed.reply])
    const roles = await stage.evaluate(async (url, share) => {
      const [{ EventSource }, { sharedFetch }] = await Promise.all([import('eventsource-wasm'), import('eventsource-wasm/share')])
      const roles = []
      const fetch = sharedFetch({ ...share, replayBytes: 1, onRole: (role) => roles.push(role) })
      const sources = Array.from({ length: 30 }, () => new EventSource(url, { fetch }))
      const events = (count) => new Promise((resolve) => { sources.at(-1).onmessage = () => { if (--count === 0) resolve() } })
      while (roles.length < sources.length) await events(1)
      // So many at once may have to join twice.
      await events(25)
      roles.length = 0
      await events(50)
      const since = [...roles]
      for (const source of sources) source.close()
      return since
    }, url, SHARE)
    assert.deepEqual(roles, [])
    assert.equal(feed.requests, 1)
  })

  test('a clock that jumps changes nothing', async () => {
    const feed = new Feed()
    const { url } = stage.server.endpoint(Array(10).fill(feed.reply))
    const tabs = [await Tab.open(stage), await Tab.open(stage)]
    for (const tab of tabs) await tab.start(url, SHARE)
    for (const tab of tabs) await tab.until(feed.number + 5)
    for (const hours of [1, -2]) {
      for (const tab of tabs) await tab.evaluate((ms) => { const { now } = Date; Date.now = () => now() + ms }, hours * 3_600_000)
      for (const tab of tabs) await tab.until(feed.number + 75)
    }
    assert.equal(feed.requests, 1)
    for (const tab of tabs) assert.deepEqual((await tab.read()).errors, [])
    await tabs[0].close()
    await close(tabs[1])
  })

  test('a page restored by going back resumes where it was', async () => {
    const feed = new Feed()
    const { url } = stage.server.endpoint(Array(100).fill(feed.reply))
    const tabs = [await Tab.open(stage), await Tab.open(stage)]
    for (const tab of tabs) await tab.start(url, SHARE)
    for (const tab of tabs) await tab.until(feed.number + 5)
    for (const tab of tabs) {
      await tab.navigate(stage.server.page('/elsewhere', 'elsewhere'))
      const other = tabs.find((one) => one !== tab)
      await other.until(feed.number + 5)
      await tab.back()
      // A page that was not kept is a new one.
      if (await tab.evaluate(() => globalThis.source === undefined)) await tab.start(url, SHARE)
      await tab.until(feed.number + 5)
      for (const one of tabs) {
        const { lost, doubled } = await one.read()
        assert.deepEqual({ lost, doubled }, { lost: 0, doubled: 0 })
      }
      assert.equal(feed.live.size, 1)
    }
    await tabs[0].close()
    await close(tabs[1])
  })

  /** A page that opens a source by itself. */
  function startingPage(url) {
    return stage.server.page('/starting', `${pageHtml(importMap(stage.packed.manifest, '/package/'))}<script type="module">
      import { start } from '/share/follow.mjs'
      start(${JSON.stringify(url)}, ${JSON.stringify(SHARE)})
    </script>`)
  }

  /** What a source in the page sees until `until`: data, and errors. */
  async function inPage(url, { share, until, init = '() => ({})' }) {
    return stage.evaluate(async (url, share, until, init) => {
      const [{ EventSource }, { sharedFetch }] = await Promise.all([import('eventsource-wasm'), import('eventsource-wasm/share')])
      const roles = globalThis.roles = []
      const source = new EventSource(url, { ...(0, eval)(init)(), fetch: sharedFetch({ ...share, onRole: (role) => roles.push(role) }) })
      const seen = []
      return new Promise((resolve) => {
        const see = (what, name) => {
          seen.push(what)
          if (name !== until) return
          source.close()
          resolve(seen)
        }
        source.onmessage = ({ data }) => see(data, data)
        source.onerror = ({ status, bodySnippet }) => see({ status: status ?? null, bodySnippet: bodySnippet ?? null, readyState: source.readyState }, 'error')
      })
    }, url, share, until, init)
  }

  async function close(tab) {
    await tab.close()
    const [first] = await stage.browser.session.getAllWindowHandles()
    await stage.browser.session.switchTo().window(first)
  }
})
