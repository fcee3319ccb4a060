/** HTML 9.2.2 by the rules of Web IDL: how script sees the class itself, compared with the native one. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

/** WebKitGTK does not have it yet. */
const DISPOSE = 'Symbol(Symbol.dispose)'

/** Members that ours has and the native class does not. */
const additions = {
  // By the symbol, libraries know that the class takes a fetch as npm's `eventsource` does.
  class: ['fromReadableStream', 'Symbol(eventsource.supports-fetch-override)'],
  // Light events need a listener table of their own, so these cover those of EventTarget.prototype.
  prototype: ['addEventListener', 'removeEventListener', 'closed', 'lastEventId', 'messages', 'reconnect', 'reconnectionTime', DISPOSE],
}

/**
 * Each runs with both classes and must come out as stated; `url` answers with an open stream. The last element says
 * in which engines the native class differs, and why.
 */
const constructing = [
  ['a call without `new` throws', (EventSource, url) => EventSource(url), { thrown: 'TypeError' }],
  ['a URL is required', (EventSource) => new EventSource(), { thrown: 'TypeError' }],
  ['the second argument may be undefined', (EventSource, url) => new EventSource(url, undefined).withCredentials, { value: false }],
  ['the second argument may be null', (EventSource, url) => new EventSource(url, null).withCredentials, { value: false }],
  ['the second argument may be a function', (EventSource, url) => new EventSource(url, () => {}).withCredentials, { value: false }],
  ['a second argument that is no object throws', (EventSource, url) => new EventSource(url, 1), { thrown: 'TypeError' }],
  ['`withCredentials` is true for what is truthy', (EventSource, url) => new EventSource(url, { withCredentials: 'no' }).withCredentials, { value: true }],
  ['`withCredentials: null` is false', (EventSource, url) => new EventSource(url, { withCredentials: null }).withCredentials, { value: false }],
  ['an inherited `withCredentials` counts', (EventSource, url) => new EventSource(url, Object.create({ withCredentials: true })).withCredentials, { value: true }],
  ['it begins with readyState CONNECTING', (EventSource, url) => new EventSource(url).readyState, { value: 0 }],
  ['`url` is the resolved URL', (EventSource) => new EventSource('a/../b?ü#f').url.slice(location.origin.length), { value: '/b?%C3%BC#f' }],
  ['null is the URL "null"', (EventSource) => new EventSource(null).url.slice(location.origin.length), { value: '/null' }],
  ['undefined is the URL "undefined"', (EventSource) => new EventSource(undefined).url.slice(location.origin.length), { value: '/undefined' }],
  ['the empty URL is that of the document', (EventSource) => new EventSource('').url === location.href, { value: true }],
  ['a URL object is a URL', (EventSource, url) => new EventSource(new URL(url)).url === url, { value: true }],
  ['an object becomes a string', (EventSource) => new EventSource({ toString: () => '/s' }).url.slice(location.origin.length), { value: '/s' }],
  ['an array becomes a string', (EventSource) => new EventSource(['/a']).url.slice(location.origin.length), { value: '/a' }],
  ['what the conversion throws is thrown', (EventSource) => new EventSource({ toString() { throw new RangeError() } }), { thrown: 'RangeError' }],
  ['a symbol is no URL', (EventSource) => new EventSource(Symbol()), { thrown: 'TypeError' }],
  ['a lone surrogate becomes U+FFFD', (EventSource) => new EventSource('?\ud800').url.slice(location.origin.length), { value: '/page?%EF%BF%BD' }],
  ['the URL is converted before the second argument', (EventSource) => {
    const order = []
    const init = { get withCredentials() { return order.push('withCredentials') } }
    new EventSource({ toString: () => order.push('url') }, init)
    return order
  }, { value: ['url', 'withCredentials'] }],
  ['the second argument is converted before the URL is parsed', (EventSource) => new EventSource('http://[', 1), { thrown: 'TypeError' }],
  ['a space in a host is a SyntaxError', (EventSource) => new EventSource('http://a b/'), { thrown: 'SyntaxError DOMException' }, {
    chromium: 'its URL parser turns the space into %20, which no host can have',
  }],
  ...['http://[', 'https://%/', 'http://%zz/', 'http://a:99999/', '//', 'http://'].map((url) => [
    `the URL ${url} is a SyntaxError`, `(EventSource) => new EventSource('${url}')`, { thrown: 'SyntaxError DOMException' },
  ]),
  ['a `base` element counts', (EventSource) => {
    const base = document.head.appendChild(document.createElement('base'))
    base.href = '/elsewhere/'
    const { url } = new EventSource('x')
    base.remove()
    return url.slice(location.origin.length)
  }, { value: '/elsewhere/x' }],
]

const using = [
  ['Object.prototype.toString', (EventSource, url) => `${new EventSource(url)}`, { value: '[object EventSource]' }],
  ['an instance has no members of its own', (EventSource, url) => Reflect.ownKeys(new EventSource(url)), { value: [] }],
  ['it is an EventTarget', (EventSource) => Object.getPrototypeOf(EventSource) === EventTarget && Object.getPrototypeOf(EventSource.prototype) === EventTarget.prototype, { value: true }],
  ['close() gives undefined', (EventSource, url) => new EventSource(url).close(), { value: 'undefined' }],
  ['close() closes', (EventSource, url) => {
    const source = new EventSource(url)
    source.close()
    source.close()
    return source.readyState
  }, { value: 2 }],
  ['constants cannot be changed', (EventSource) => Reflect.set(EventSource, 'OPEN', 5) || Reflect.set(EventSource.prototype, 'OPEN', 5) || Reflect.deleteProperty(EventSource, 'OPEN'), { value: false }],
  ['attributes without a setter cannot be changed', (EventSource, url) => ['url', 'readyState', 'withCredentials'].map((name) => Reflect.set(new EventSource(url), name, 1)), { value: [false, false, false] }],
  ...['url', 'readyState', 'withCredentials', 'onopen', 'onmessage', 'onerror'].map((name) => [
    `the getter of \`${name}\` wants a source`, `(EventSource) => Reflect.get(EventSource.prototype, '${name}', new EventTarget())`, { thrown: 'TypeError' },
  ]),
  ...['onopen', 'onmessage', 'onerror'].map((name) => [
    `the setter of \`${name}\` wants a source`, `(EventSource) => Reflect.set(EventSource.prototype, '${name}', null, Object.create(EventSource.prototype))`, { thrown: 'TypeError' },
  ]),
  ['close() wants a source', (EventSource) => EventSource.prototype.close.call({}), { thrown: 'TypeError' }],
  ['a subclass inherits', (EventSource, url) => {
    class Mine extends EventSource { mine = 1 }
    const source = new Mine(url)
    return [source instanceof EventSource, source.mine, source.readyState, Mine.OPEN]
  }, { value: [true, 1, 0, 1] }],
]

const handlers = [
  ['handlers begin as null', (EventSource, url) => [new EventSource(url).onopen, new EventSource(url).onmessage], { value: ['null', 'null'] }],
  ['a handler is a function', (EventSource, url) => {
    const source = new EventSource(url)
    source.onmessage = function handler() {}
    return source.onmessage
  }, { value: 'function handler' }],
  ['an object that is not callable is kept', (EventSource, url) => {
    const source = new EventSource(url)
    source.onmessage = { handleEvent() { throw new Error('called') } }
    source.dispatchEvent(new Event('message'))
    return source.onmessage !== null
  }, { value: true }],
  ...['1', '"f"', 'undefined', 'true', 'Symbol()'].map((value) => [
    `${value} is no handler and counts as null`, `(EventSource, url) => {
      const source = new EventSource(url)
      source.onmessage = () => {}
      source.onmessage = ${value}
      return source.onmessage
    }`, { value: 'null' },
  ]),
  ['a handler is called with the source as `this`, and may cancel by returning false', (EventSource, url) => {
    const source = new EventSource(url)
    const seen = []
    source.onmessage = function (event) {
      seen.push(this === source, event.type)
      return false
    }
    seen.push(source.dispatchEvent(new Event('message', { cancelable: true })))
    return seen
  }, { value: [true, 'message', false] }],
  ['a new handler keeps the place of the old one, a cleared one loses it', (EventSource, url) => {
    const source = new EventSource(url)
    const seen = []
    source.onmessage = () => seen.push('a')
    source.addEventListener('message', () => seen.push('b'))
    source.onmessage = () => seen.push('c')
    source.dispatchEvent(new Event('message'))
    source.onmessage = null
    source.onmessage = () => seen.push('d')
    source.dispatchEvent(new Event('message'))
    return seen.join('')
  }, { value: 'cbbd' }],
]

const listening = [
  ['addEventListener wants two arguments', (EventSource, url) => new EventSource(url).addEventListener('x'), { thrown: 'TypeError' }],
  ['removeEventListener wants two arguments', (EventSource, url) => new EventSource(url).removeEventListener('x'), { thrown: 'TypeError' }],
  ['addEventListener takes null and does nothing', (EventSource, url) => new EventSource(url).addEventListener('x', null), { value: 'undefined' }],
  ['addEventListener refuses a string', (EventSource, url) => new EventSource(url).addEventListener('x', 'f'), { thrown: 'TypeError' }],
  ['removeEventListener refuses a number', (EventSource, url) => new EventSource(url).removeEventListener('x', 1), { thrown: 'TypeError' }],
  ['a symbol is no event type', (EventSource, url) => new EventSource(url).addEventListener(Symbol(), () => {}), { thrown: 'TypeError' }],
  ['`signal: null` is refused', (EventSource, url) => new EventSource(url).addEventListener('x', () => {}, { signal: null }), { thrown: 'TypeError' }],
  ['a signal that is none is refused', (EventSource, url) => new EventSource(url).addEventListener('x', () => {}, { signal: {} }), { thrown: 'TypeError' }],
  ['a listener that is there is refused for its signal all the same', (EventSource, url) => {
    const source = new EventSource(url)
    const listener = () => {}
    source.addEventListener('x', listener)
    source.addEventListener('x', listener, { signal: 1 })
  }, { thrown: 'TypeError' }],
  ['options are read once and in order', (EventSource, url) => {
    const order = []
    const options = {}
    for (const name of ['signal', 'passive', 'once', 'capture']) Object.defineProperty(options, name, { get: () => void order.push(name) })
    const listener = () => {}
    new EventSource(url).addEventListener('x', listener, options)
    new EventSource(url).removeEventListener('x', listener, options)
    return order.join()
  }, { value: 'capture,once,passive,signal,capture' }],
  ['options are read for a null listener too', (EventSource, url) => {
    let read = 0
    new EventSource(url).addEventListener('x', null, { get once() { return ++read > 1 } })
    return read
  }, { value: 1 }],
  ...[
    ['capture', '1', '"x"', 'true', '{ capture: 1 }', 'Object.assign(() => {}, { capture: true })'],
    ['bubble', '0', '""', 'null', 'undefined', '{}', 'NaN'],
  ].flatMap(([list, ...all]) => all.map((options) => [
    `options ${options} mean the ${list} list`, `(EventSource, url) => {
      const source = new EventSource(url)
      let calls = 0
      const listener = () => { calls += 1 }
      source.addEventListener('x', listener, ${options})
      source.removeEventListener('x', listener, ${list === 'bubble'})
      source.dispatchEvent(new Event('x'))
      source.removeEventListener('x', listener, ${options})
      source.dispatchEvent(new Event('x'))
      return calls
    }`, { value: 1 },
  ])),
  ['the event type becomes a string', (EventSource, url) => {
    const source = new EventSource(url)
    let seen = 0
    source.addEventListener(null, () => { seen += 1 })
    source.dispatchEvent(new Event('null'))
    return seen
  }, { value: 1 }],
  ['the methods work on any EventTarget', (EventSource, url) => {
    const source = new EventSource(url)
    const other = new EventTarget()
    let seen = 0
    const listener = () => { seen += 1 }
    source.addEventListener.call(other, 'x', listener)
    other.dispatchEvent(new Event('x'))
    source.removeEventListener.call(other, 'x', listener)
    other.dispatchEvent(new Event('x'))
    return seen
  }, { value: 1 }],
  ['the methods refuse what is no EventTarget', (EventSource, url) => new EventSource(url).addEventListener.call({}, 'x', () => {}), { thrown: 'TypeError' }],
]

onEveryEngine('interface', (stage) => {
  test('the members of the class and its prototype are those of the native', async () => {
    const [native, ours] = await Promise.all(['native', 'ours'].map((side) => membersOf(stage, side)))
    for (const part of ['class', 'prototype']) {
      const added = Object.keys(ours[part]).filter((name) => !(name in native[part]))
      const expected = additions[part].filter((name) => name !== DISPOSE || ours.hasDispose)
      assert.deepEqual(added.sort(), expected.sort())
      for (const name of added) delete ours[part][name]
      assert.deepEqual(ours[part], native[part])
    }
    assert.deepEqual(ours.enumerated.filter((name) => !additions.prototype.includes(name) || native.enumerated.includes(name)), native.enumerated)
  })

  for (const [name, expression, expected, native = {}] of [...constructing, ...using, ...handlers, ...listening]) {
    test(name, async () => {
      const { url } = stage.server.endpoint([hold()])
      const oracle = await evaluate(stage, 'native', expression, url)
      if (native[stage.engineName]) assert.notDeepEqual(oracle, expected, 'the native class needs no note')
      else assert.deepEqual(oracle, expected, 'the native class')
      assert.deepEqual(await evaluate(stage, 'ours', expression, url), expected, 'our class')
    })
  }
})

function membersOf(stage, side) {
  return stage.evaluate(async (side) => {
    const { classOf } = await import('/e2e/trace.mjs')
    const { members } = await import('/e2e/outcome.mjs')
    const Class = await classOf(side)
    const enumerated = []
    for (const name in Class.prototype) enumerated.push(name)
    return { class: members(Class), prototype: members(Class.prototype), enumerated: enumerated.sort(), hasDispose: 'dispose' in Symbol }
  }, side)
}

/** Evaluates with a class whose sources are closed afterwards: browsers hold few connections to a server. */
function evaluate(stage, side, expression, url) {
  return stage.evaluate(async (side, expression, url) => {
    const { classOf } = await import('/e2e/trace.mjs')
    const { outcome } = await import('/e2e/outcome.mjs')
    const Class = await classOf(side)
    const made = []
    const Closed = new Proxy(Class, {
      construct(target, parameters, newTarget) {
        const source = Reflect.construct(target, parameters, newTarget === Closed ? target : newTarget)
        made.push(source)
        return source
      },
    })
    const result = await outcome(() => (0, eval)(`(${expression})`)(Closed, url))
    for (const source of made) Class.prototype.close.call(source)
    return result
  }, side, String(expression), url)
}
