/** Who is called, in which order: the event listener list of DOM 2.7 to 2.9 and the handler attributes of HTML 8.1.8.1. */

import { compareListening } from './comparison.mjs'
import { onEveryEngine } from './stage.mjs'

const TREELESS = 'Chromium calls the listeners of a target without parents in one pass; DOM 2.9 has two, capture first'
const TWO = 'data: 1\n\ndata: 2\n\n'

const handlers = [
  {
    name: 'a handler attribute is called with the source as this',
    listen: (source, log) => {
      source.onmessage = function (event) { log(this === source && event.target === source && event.data) }
    },
    log: ['1'],
  },
  {
    name: 'a handler attribute takes its place when it is first set',
    listen: (source, log) => {
      source.addEventListener('message', () => log('a'))
      source.onmessage = () => log('b')
      source.addEventListener('message', () => log('c'))
    },
    log: ['a', 'b', 'c'],
  },
  {
    name: 'a handler attribute keeps its place when it is replaced',
    listen: (source, log) => {
      source.onmessage = () => log('a')
      source.addEventListener('message', () => log('b'))
      source.onmessage = () => log('c')
    },
    log: ['c', 'b'],
  },
  {
    name: 'a handler attribute set after null goes to the end',
    listen: (source, log) => {
      source.onmessage = () => log('a')
      source.addEventListener('message', () => log('b'))
      source.onmessage = null
      source.onmessage = () => log('c')
    },
    log: ['b', 'c'],
  },
  {
    name: 'a handler attribute that is no function is kept if it is an object, and never called',
    listen: (source, log) => {
      const object = { handleEvent: () => log('called') }
      source.onmessage = object
      log(source.onmessage === object)
      source.onmessage = 'text'
      log(source.onmessage)
    },
    log: [true, null],
  },
  {
    name: 'the same function may be a handler attribute and a listener',
    listen: (source, log) => {
      const listener = () => log('called')
      source.onmessage = listener
      source.addEventListener('message', listener)
    },
    log: ['called', 'called'],
  },
  {
    name: 'a handler attribute that replaces itself is called from the next event on',
    stream: TWO,
    listen: (source, log) => {
      source.onmessage = (event) => {
        log(`a${event.data}`)
        source.onmessage = ({ data }) => log(`b${data}`)
      }
    },
    log: ['a1', 'b2'],
  },
  {
    name: 'handler attributes of all three events are null at first and can be read back',
    listen: (source, log) => {
      for (const name of ['onopen', 'onmessage', 'onerror']) {
        const handler = () => {}
        log(source[name])
        source[name] = handler
        log(source[name] === handler)
      }
    },
    log: [null, true, null, true, null, true],
  },
]

const listeners = [
  {
    name: 'a listener with handleEvent is called as its method, looked up at the time',
    stream: TWO,
    listen: (source, log) => {
      const listener = {
        handleEvent() {
          log(this === listener && 'first')
          this.handleEvent = () => log('second')
        },
      }
      source.addEventListener('message', listener)
    },
    log: ['first', 'second'],
  },
  {
    name: 'the same listener counts once for each of capture and not',
    listen: (source, log) => {
      const listener = () => log('called')
      source.addEventListener('message', listener)
      source.addEventListener('message', listener, false)
      source.addEventListener('message', listener, { once: true, passive: true })
      source.addEventListener('message', listener, true)
    },
    log: ['called', 'called'],
  },
  {
    name: 'capturing listeners come first',
    listen: (source, log) => {
      source.addEventListener('message', () => log('bubble'))
      source.addEventListener('message', () => log('capture'), { capture: true })
    },
    log: ['capture', 'bubble'],
    native: { chromium: { reason: TREELESS, log: ['bubble', 'capture'] } },
  },
  {
    name: 'null is no listener',
    listen: (source, log) => {
      source.addEventListener('message', null)
      source.removeEventListener('message', undefined)
      source.addEventListener('message', () => log('called'))
    },
    log: ['called'],
  },
  {
    name: 'a listener that is neither function nor object is a TypeError',
    listen: (source, log) => {
      for (const method of ['addEventListener', 'removeEventListener']) {
        try {
          source[method]('message', 'text')
        } catch (error) {
          log(error.name)
        }
      }
    },
    log: ['TypeError', 'TypeError'],
  },
  {
    name: 'once: called for one event',
    stream: TWO,
    listen: (source, log) => {
      source.addEventListener('message', ({ data }) => log(data), { once: true })
    },
    log: ['1'],
  },
  {
    name: 'once: is gone when the listener is called, so it may be added again',
    stream: TWO,
    listen: (source, log) => {
      const listener = ({ data }) => {
        log(data)
        if (data === '1') source.addEventListener('message', listener, { once: true })
      }
      source.addEventListener('message', listener, { once: true })
    },
    log: ['1', '2'],
  },
  {
    name: 'signal: aborting removes the listener, in the middle of an event too',
    stream: TWO,
    listen: (source, log) => {
      const controller = new AbortController()
      source.addEventListener('message', () => { log('first'); controller.abort() })
      source.addEventListener('message', () => log('never'), { signal: controller.signal })
    },
    log: ['first', 'first'],
  },
  {
    name: 'signal: one that is aborted adds nothing',
    listen: (source, log) => {
      source.addEventListener('message', () => log('never'), { signal: AbortSignal.abort() })
      source.addEventListener('message', () => log('called'))
    },
    log: ['called'],
  },
  {
    name: 'removed: matched by type, function and capture',
    listen: (source, log) => {
      const listener = () => log('called')
      source.addEventListener('message', listener)
      source.removeEventListener('message', () => log('called'))
      source.removeEventListener('open', listener)
      source.removeEventListener('message', listener, true)
      source.addEventListener('message', listener, true)
      source.removeEventListener('message', listener, { capture: true })
    },
    log: ['called'],
  },
  {
    name: 'removed while dispatching: not called any more',
    listen: (source, log) => {
      const removed = () => log('never')
      source.addEventListener('message', () => source.removeEventListener('message', removed))
      source.addEventListener('message', removed)
      source.addEventListener('message', () => log('last'))
    },
    log: ['last'],
  },
  {
    name: 'added while dispatching: called from the next event on',
    stream: TWO,
    listen: (source, log) => {
      source.addEventListener('message', ({ data }) => {
        log(`first ${data}`)
        if (data === '1') source.addEventListener('message', ({ data }) => log(`added ${data}`))
      })
    },
    log: ['first 1', 'first 2', 'added 2'],
  },
  {
    name: 'added for another type while dispatching: called if that comes next',
    stream: 'data: 1\n\nevent: tick\ndata: 2\n\n',
    listen: (source, log) => {
      source.onmessage = () => source.addEventListener('tick', ({ data }) => log(data))
    },
    log: ['2'],
  },
  {
    name: 'stopImmediatePropagation ends an event, not the next',
    stream: TWO,
    listen: (source, log) => {
      source.addEventListener('message', (event) => { log(`a${event.data}`); event.stopImmediatePropagation() }, { once: true })
      source.addEventListener('message', ({ data }) => log(`b${data}`))
    },
    log: ['a1', 'b2'],
  },
  {
    name: 'stopPropagation in a capturing listener keeps the event from the others',
    listen: (source, log) => {
      source.addEventListener('message', (event) => { log('a'); event.stopPropagation() }, true)
      source.addEventListener('message', () => log('b'), true)
      source.addEventListener('message', () => log('c'))
    },
    log: ['a', 'b'],
    native: {
      chromium: { reason: TREELESS, log: ['a', 'b', 'c'] },
      webkit: { reason: 'WebKit heeds it between targets only; DOM 2.9 between the two passes too', log: ['a', 'b', 'c'] },
    },
  },
  {
    name: 'close() does not keep an event from its other listeners',
    listen: (source, log, { once }) => {
      source.addEventListener('message', () => source.close())
      source.addEventListener('message', () => log(source.readyState))
      return once(source, 'message')
    },
    log: [2],
  },
]

const dispatchEvent = [
  {
    name: 'dispatchEvent of a MessageEvent reaches listeners of both kinds, in order',
    listen: (source, log) => {
      source.addEventListener('message', ({ data }) => log(`a${data}`))
      source.onmessage = (event) => log(`b${event.data}${event.isTrusted}${event.target === source}`)
      log(source.dispatchEvent(new MessageEvent('message', { data: 'own', cancelable: true })))
      source.onmessage = null
    },
    log: ['aown', 'bownfalsetrue', true, 'a1'],
  },
  {
    name: 'dispatchEvent answers whether the default was prevented',
    listen: (source, log) => {
      source.addEventListener('custom', (event) => event.preventDefault())
      log(source.dispatchEvent(new Event('custom', { cancelable: true })))
      log(source.dispatchEvent(new Event('custom')))
    },
    log: [false, true],
  },
  {
    name: 'dispatchEvent respects once, passive and the message after it',
    listen: (source, log) => {
      source.addEventListener('message', (event) => { event.preventDefault(); log(event.defaultPrevented) }, { once: true, passive: true })
      source.dispatchEvent(new Event('message', { cancelable: true }))
      source.addEventListener('message', ({ data }) => log(data))
    },
    log: [false, '1'],
  },
  {
    name: 'dispatchEvent of what is no event is a TypeError',
    listen: (source, log) => {
      try {
        source.dispatchEvent({ type: 'message' })
      } catch (error) {
        log(error.name)
      }
    },
    log: ['TypeError'],
  },
  {
    name: 'dispatchEvent while an event is dispatched is nested in it',
    listen: (source, log) => {
      source.addEventListener('message', () => {
        log('outer')
        source.dispatchEvent(new Event('inner'))
        log('outer again')
      })
      source.addEventListener('inner', () => log('inner'))
    },
    log: ['outer', 'inner', 'outer again'],
  },
]

onEveryEngine('listeners', (stage) => {
  for (const script of handlers) compareListening(stage, script)
  for (const script of listeners) compareListening(stage, script)
  for (const script of dispatchEvent) compareListening(stage, script)

  compareListening(stage, {
    name: 'a listener that throws is reported to window, and the next listener is called',
    listen: async (source, log, { once }) => {
      const thrown = new Error('of the listener')
      addEventListener('error', ({ error }) => log(error === thrown), { once: true })
      source.addEventListener('message', () => { throw thrown })
      source.addEventListener('message', () => log('called'))
      await once(source, 'done')
      log(...globalThis.uncaught.splice(0))
    },
    log: [true, 'called', 'Error: of the listener'],
  })
})
