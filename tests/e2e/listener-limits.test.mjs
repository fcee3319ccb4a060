/** Unusual listeners: thousands of them, from other realms, in zones, with a polluted `Object.prototype`. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

onEveryEngine('listener limits', (stage) => {
  const inPage = (script, ...args) => stage.evaluate(async (script, ...args) => {
    const { EventSource } = await import('eventsource-wasm')
    const open = (stream, init) => new EventSource('/', {
      fetch: async () => new Response(stream, { headers: { 'content-type': 'text/event-stream' } }), reconnect: false, ...init,
    })
    return (0, eval)(`(${script})`)(EventSource, open, ...args)
  }, String(script), ...args)

  test('4,000 listeners are added and removed in the platform\'s time', async () => {
    const times = await inPage(async (EventSource, open) => {
      const listeners = Array.from({ length: 4000 }, () => () => {})
      const time = (target) => {
        const start = performance.now()
        for (const listener of listeners) target.addEventListener('message', listener)
        const added = performance.now()
        for (const listener of listeners) target.removeEventListener('message', listener)
        return [added - start, performance.now() - added]
      }
      const source = open('')
      // The machine may be busy with something else in some of them.
      const rounds = Array.from({ length: 4 }, () => [time(new EventTarget()), time(source)])
      source.close()
      const least = (side, part) => Math.min(...rounds.map((round) => round[side][part]))
      return { add: [least(0, 0), least(1, 0)], remove: [least(0, 1), least(1, 1)] }
    })
    for (const [what, [platform, ours]] of Object.entries(times)) {
      assert.ok(ours < platform * 3 + 100, `${what}: ${ours} ms, the platform's own target ${platform} ms`)
    }
  })

  test('a long-lived signal does not retain a listener of a closed source, and still removes it', async () => {
    const seen = await inPage(async (EventSource, open) => {
      const controller = new AbortController()
      const source = open('')
      let heard = 0
      source.addEventListener('tick', () => { heard += 1 }, { signal: controller.signal })
      source.close()
      source.dispatchEvent(new Event('tick'))
      controller.abort()
      source.dispatchEvent(new Event('tick'))
      return heard
    })
    assert.equal(seen, 1)
  })

  test('a signal of another realm works as on the platform', async () => {
    const seen = await inPage(async (EventSource, open) => {
      const frame = document.body.appendChild(document.createElement('iframe'))
      const controller = new frame.contentWindow.AbortController()
      const source = open('data: 1\n\n')
      const heard = []
      source.addEventListener('message', () => heard.push('of the aborted'), { signal: controller.signal })
      source.addEventListener('message', ({ data }) => heard.push(data))
      controller.abort()
      await new Promise((resolve) => { source.onerror = resolve })
      const refused = (() => {
        try {
          source.addEventListener('message', () => {}, { signal: {} })
        } catch (error) {
          return error.name
        }
      })()
      source.close()
      return [...heard, refused]
    })
    assert.deepEqual(seen, ['1', 'TypeError'])
  })

  for (const [name, value] of [['once', true], ['capture', true], ['passive', true], ['signal', 'no signal'], ['preventClose', true], ['bubbles', true], ['cancelable', true]]) {
    for (const events of ['light', 'platform']) {
      test(`"${name}" on Object.prototype is no option, events: "${events}"`, async () => {
        const seen = await inPage(async (EventSource, open, name, value, events) => {
          Object.prototype[name] = value
          try {
            const source = open('data: 1\n\ndata: 2\n\ndata: 3\n\n', { events })
            const heard = []
            source.onmessage = ({ data }) => heard.push(`on${data}`)
            source.addEventListener('message', ({ data, eventPhase }) => heard.push(`${data}:${eventPhase}`), {})
            source.addEventListener('message', ({ bubbles, cancelable }) => { if (bubbles || cancelable) heard.push('changed') })
            for await (const { data } of source.messages()) if (data === '2') break
            return [...heard, source.readyState]
          } finally {
            delete Object.prototype[name]
          }
        }, name, value, events)
        assert.deepEqual(seen, ['on1', '1:2', 'on2', '2:2', 'on3', '3:2', 2])
      })
    }
  }

  test('a listener runs in the zone in which it was added, as zone.js has it', async () => {
    const seen = await inPage(async (EventSource, open) => {
      // What zone.js puts there: a zone knows how to wrap a function so that it runs in the zone.
      const zone = (name) => ({
        name,
        wrap: (callback) => function (...parameters) {
          const { current } = globalThis.Zone
          globalThis.Zone.current = zones[name]
          try {
            return callback.apply(this, parameters)
          } finally {
            globalThis.Zone.current = current
          }
        },
      })
      const zones = { root: zone('root'), app: zone('app') }
      globalThis.Zone = { current: zones.root }
      const within = (name, act) => zones[name].wrap(act)()
      const heard = []
      const log = (what) => heard.push(`${what} in ${globalThis.Zone.current.name}`)
      const source = within('app', () => open('data: 1\n\n'))
      within('root', () => source.addEventListener('message', function () { log(`${this === source} function`) }))
      within('app', () => source.addEventListener('message', { handleEvent() { log('object') } }))
      within('root', () => { source.onmessage = () => log('an earlier handler') })
      within('app', () => { source.onmessage = () => log('handler') })
      await new Promise((resolve) => { source.addEventListener('error', resolve) })
      source.close()
      delete globalThis.Zone
      return heard
    })
    assert.deepEqual(seen, ['true function in root', 'object in app', 'handler in app'])
  })

  test('handlers are called once where the platform calls them by itself, as workerd does', async () => {
    await stage.reload()
    const seen = await inPage(async (EventSource, open) => {
      const { dispatchEvent } = EventTarget.prototype
      EventTarget.prototype.dispatchEvent = function (event) {
        this[`on${event.type}`]?.(event)
        return dispatchEvent.call(this, event)
      }
      const heard = []
      for (const events of ['light', 'platform']) {
        const source = open('data: 1\n\n', { events })
        source.onopen = source.onmessage = ({ type }) => heard.push(type)
        await new Promise((resolve) => {
          source.onerror = ({ type }) => {
            heard.push(type)
            resolve()
          }
        })
        source.close()
      }
      return heard
    })
    await stage.reload()
    assert.deepEqual(seen, ['open', 'message', 'error', 'open', 'message', 'error'])
  })

  test('a subclass that overrides readyState changes what it says, not what is dispatched', async () => {
    const twice = hold('data: 1\n\ndata: 2\n\n')
    const endpoint = stage.server.endpoint([twice, twice])
    const seen = await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      class Ready extends EventSource {
        get readyState() { return 1 }
      }
      class Never extends EventSource {
        get readyState() { return 0 }
      }
      const heard = []
      const ready = new Ready(url)
      ready.onmessage = ({ data }) => {
        heard.push(data)
        ready.close()
      }
      const never = new Never(url)
      await new Promise((resolve) => { never.onmessage = ({ data }) => data === '2' && resolve() })
      never.close()
      return heard
    }, endpoint.url)
    assert.deepEqual(seen, ['1'])
  })
})
