/** How messages come to the page: none lost, in order, in tasks that leave room for others, as events that are complete. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareListening, logOf } from './comparison.mjs'
import { hold } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

const ONE_TASK = 'browsers dispatch all that they have read in one task; HTML asks for a task per event'
const HUNDRED = Array.from({ length: 100 }, (_, index) => `data: ${index}\n\n`).join('')
const zeroTo99 = Array.from({ length: 100 }, (_, index) => `${index}`)

const inAllEngines = (quirk) => ({ chromium: quirk, firefox: quirk, webkit: quirk })

const waiting = [
  {
    name: 'a loop of `await once(...)` over one chunk of 100 events loses none',
    stream: HUNDRED,
    listen: async (source, log, { once }) => {
      for (let count = 0; count < 100; count += 1) log((await once(source, 'message')).data)
    },
    log: zeroTo99,
  },
  {
    name: 'a loop of an async function around `once` loses none either',
    stream: HUNDRED,
    listen: async (source, log, { once }) => {
      const next = async () => {
        const event = await once(source, 'message')
        return event.data
      }
      for (let count = 0; count < 100; count += 1) log(await next())
    },
    log: zeroTo99,
  },
  {
    name: 'code that awaits `open` and then listens finds the first message',
    listen: async (source, log, { once }) => {
      await once(source, 'open')
      log((await once(source, 'message')).data)
    },
    log: ['1'],
  },
  {
    name: 'code that awaits one type and then listens to another finds the very next event',
    stream: 'event: a\ndata: 1\n\nevent: b\ndata: 2\n\nevent: a\ndata: 3\n\n',
    listen: async (source, log, { once }) => {
      log((await once(source, 'a')).data)
      log((await once(source, 'b')).data)
      log((await once(source, 'a')).data)
    },
    log: ['1', '2', '3'],
  },
  {
    name: 'a handler that replaces itself after an await finds the next event',
    stream: 'data: 1\n\ndata: 2\n\n',
    listen: (source, log) => new Promise((resolve) => {
      source.addEventListener('message', async ({ data }) => {
        log(data)
        await null
        source.onmessage = (event) => { log(event.data); resolve() }
      }, { once: true })
    }),
    log: ['1', '2'],
  },
  {
    name: 'promise reactions run before the next event',
    stream: 'data: 1\n\ndata: 2\n\ndata: 3\n\n',
    listen: (source, log) => {
      source.onmessage = async ({ data }) => {
        log(data)
        await null
        log(`after ${data}`)
      }
    },
    log: ['1', 'after 1', '2', 'after 2', '3', 'after 3'],
    ours: {
      reason: 'events of one batch share a task, unless listeners came or went since the event before',
      log: ['1', 'after 1', '2', '3', 'after 2', 'after 3'],
    },
  },
  {
    name: 'a handler that every event replaces misses none',
    stream: HUNDRED,
    listen: async (source, log) => {
      for (let count = 0; count < 100; count += 1) {
        const { data } = await new Promise((resolve) => { source.onmessage = resolve })
        log(data)
      }
    },
    log: zeroTo99,
  },
]

const sharing = [
  {
    name: 'slow listeners: events stay in order, and the page is painted in between',
    stream: HUNDRED,
    listen: async (source, log, { once, busy }) => {
      const received = []
      let paintedAfter
      source.onmessage = ({ data }) => {
        if (received.length === 0) requestAnimationFrame(() => { paintedAfter = received.length })
        received.push(data)
        busy(2)
      }
      await once(source, 'done')
      log(received.join())
      log(paintedAfter < 100)
    },
    log: [zeroTo99.join(), true],
    native: inAllEngines({ reason: ONE_TASK, log: [zeroTo99.join(), false] }),
  },
  {
    name: 'close() between two tasks of a backlog ends it',
    stream: HUNDRED,
    listen: async (source, log, { Class, url, once, busy }) => {
      let received = 0
      await new Promise((resolve) => {
        source.onmessage = () => {
          if (received === 0) requestAnimationFrame(() => { source.close(); resolve() })
          received += 1
          busy(2)
        }
      })
      const atClose = received
      const clock = new Class(url)
      await once(clock, 'done')
      clock.close()
      log(received === atClose && received < 100)
    },
    log: [true],
    native: inAllEngines({ reason: ONE_TASK, log: [false] }),
  },
  {
    name: 'a listener may construct and close other sources',
    stream: 'data: 1\n\ndata: 2\n\ndata: 3\n\n',
    listen: async (source, log, { Class, url, once }) => {
      const others = []
      source.onmessage = ({ data }) => {
        log(data)
        others.at(-1)?.close()
        others.push(new Class(url))
      }
      await once(source, 'done')
      const last = others.at(-1)
      await once(last, 'done')
      log(others.map(({ readyState }) => readyState).join())
      last.close()
    },
    log: ['1', '2', '3', '2,2,1'],
  },
  {
    name: 'a source constructed in a listener receives all of its own events, and the outer one goes on',
    stream: 'data: 1\n\ndata: 2\n\n',
    listen: async (source, log, { Class, url, once }) => {
      let inner
      source.onmessage = ({ data }) => {
        log(`outer ${data}`)
        if (inner) return
        inner = new Class(url)
        inner.onmessage = (event) => log(`inner ${event.data}`)
      }
      await once(source, 'done')
      await once(inner, 'done')
      inner.close()
    },
    log: ['outer 1', 'outer 2', 'inner 1', 'inner 2'],
  },
]

const LARGE = '豆x'.repeat(200_000)

const large = [
  {
    name: 'an event larger than any buffer arrives whole',
    stream: `data: ${LARGE}\n\ndata: 2\n\n`,
    listen: (source, log) => {
      source.onmessage = ({ data }) => log(data.replace(/(豆x)+/g, (run) => `${run.length} characters`))
    },
    log: [`${LARGE.length} characters`, '2'],
  },
  {
    name: 'ten thousand events of one write arrive once and in order',
    stream: Array.from({ length: 10_000 }, (_, index) => `id: ${index}\ndata: ${index} 豆\n\n`).join(''),
    listen: async (source, log, { once }) => {
      let expected = 0
      source.onmessage = ({ data, lastEventId }) => {
        if (data === `${expected} 豆` && lastEventId === `${expected}`) expected += 1
      }
      await once(source, 'done')
      log(expected)
    },
    log: [10_000],
  },
]

/** Each member of the interfaces, what it answers while the event is dispatched and after. */
const members = {
  name: 'a message answers every member of MessageEvent and Event, while it is dispatched and after',
  stream: 'id: 7\ndata: 1\n\n',
  listen: async (source, log, { once }) => {
    const say = (value) => {
      if (value === source) return 'the source'
      if (Array.isArray(value)) return `[${value.map(say)}]${Object.isFrozen(value) ? ' frozen' : ''}`
      return typeof value === 'function' ? 'a function' : `${value}`
    }
    const names = [MessageEvent, Event].flatMap(({ prototype }) => Object.keys(prototype))
    const answer = (event, name) => {
      try {
        return say(event[name])
      } catch (error) {
        return error.name
      }
    }
    const read = (event) => names
      .filter((name) => name !== 'timeStamp')
      .map((name) => `${name}: ${answer(event, name)}`)
    let during
    source.addEventListener('message', (event) => { during = [...read(event), say(event.composedPath())] })
    const event = await once(source, 'message')
    await once(source, 'done')
    log(`instanceof: ${event instanceof MessageEvent && event instanceof Event}`)
    log(Object.prototype.toString.call(event))
    log(`timeStamp: ${event.timeStamp > 0 && event.timeStamp <= performance.now()}`)
    for (const line of during) log(`during: ${line}`)
    for (const line of [...read(event), say(event.composedPath())]) log(`after: ${line}`)
  },
}

onEveryEngine('dispatch', (stage) => {
  for (const script of waiting) compareListening(stage, script)
  for (const script of sharing) compareListening(stage, script)
  for (const script of large) compareListening(stage, script)

  test(members.name, async () => {
    const native = await logOf(stage, 'native', members.stream, members.listen)
    assert.ok(native.length > 50)
    // A script cannot make a trusted event.
    const expected = native.map((line) => line.replace('isTrusted: true', 'isTrusted: false'))
    assert.deepEqual(await logOf(stage, 'ours', members.stream, members.listen), expected)
  })

  test('a message has the same members as a platform event with its content, and its copy too', async () => {
    assert.deepEqual(await stage.evaluate(async () => {
      const { EventSource } = await import('eventsource-wasm')
      const { differences } = await import('/e2e/event-members.mjs')
      return differences(EventSource)
    }), [])
  })

  test('events: "platform" gives events with the brand', async () => {
    const endpoint = stage.server.endpoint([hold('id: 7\ndata: 1\n\n')])
    const answers = await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      const source = new EventSource(url, { events: 'platform' })
      const event = await new Promise((resolve) => { source.onmessage = resolve })
      source.close()
      const get = (name) => Object.getOwnPropertyDescriptor(MessageEvent.prototype, name).get.call(event)
      return [get('data'), get('lastEventId'), get('origin') === location.origin, event.constructor === MessageEvent]
    }, endpoint.url)
    assert.deepEqual(answers, ['1', '7', true, true])
  })
})
