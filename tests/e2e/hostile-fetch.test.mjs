/** A custom `fetch` that returns what no platform does: the source works or fails, and nothing else breaks. */

import assert from 'node:assert/strict'
import { sep } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { importMap, packedPackage } from './packed.mjs'

const EVENT_STREAM = { 'content-type': 'text/event-stream' }
const bytes = (text) => new TextEncoder().encode(text)
const response = (parts) => ({ status: 200, url: '', headers: new Headers(EVENT_STREAM), body: null, ...parts })
const never = () => new Promise(() => {})

/** A body that has a default reader only, with these methods. */
const reading = (methods) => ({
  locked: false,
  getReader: (options) => {
    if (options) throw new TypeError('no BYOB')
    return { read: never, cancel: async () => {}, releaseLock() {}, ...methods }
  },
})
/** A body of one chunk. */
const chunk = (value) => {
  const results = [{ done: false, value }]
  return reading({ read: async () => results.shift() ?? { done: true, value: undefined } })
}
class Longer extends Uint8Array {
  #reads = 0

  get length() {
    this.#reads += 1
    return this.#reads > 1 ? 70_000 : 9
  }
}
const throwing = (name) => Object.defineProperty({}, name, { get() { throw new Error(`no ${name}`) } })

/** The outcome of a body: the data of a message, or the kind of the error. On the error path it is always the status. */
const bodies = {
  'endless empty chunks': [() => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array()) }), 'timeout'],
  'a read that never settles': [() => reading({}), 'timeout'],
  'a read and a cancel that never settle': [() => reading({ cancel: never }), 'timeout'],
  'a read that gives nothing': [() => reading({ read: () => undefined }), 'network'],
  'a read that throws, like cancel and releaseLock': [() => {
    const fail = () => { throw new Error('no') }
    return reading({ read: fail, cancel: fail, releaseLock: fail })
  }, 'network'],
  'a cancel that rejects': [() => reading({ read: () => Promise.reject(new Error('no')), cancel: () => Promise.reject(new Error('no')) }), 'network'],
  'a locked stream': [() => {
    const stream = new ReadableStream()
    stream.getReader()
    return stream
  }, 'network'],
  'a number': [() => 1, 'blocked'],
  'an object': [() => ({}), 'blocked'],
  'text in chunks': [() => chunk('data: a\n\n'), 'blocked'],
  'a chunk whose length throws': [() => chunk(Object.assign(throwing('length'), { BYTES_PER_ELEMENT: 1 })), 'blocked'],
  'a chunk that is long in words': [() => chunk({ BYTES_PER_ELEMENT: 1, length: 4_294_967_295 }), 'blocked'],
  'a chunk that is like an array': [() => chunk({ BYTES_PER_ELEMENT: 1, length: 9, ...bytes('data: a\n\n') }), 'blocked'],
  'a chunk of numbers': [() => chunk(new Float64Array(4)), 'blocked'],
  'a chunk that was transferred': [() => {
    const value = bytes('data: a\n\n')
    structuredClone(value.buffer, { transfer: [value.buffer] })
    return chunk(value)
  }, 'end'],
  'a chunk whose length changes': [() => chunk(new Longer(bytes('data: a\n\n'))), 'a'],
  'a chunk of signed bytes': [() => chunk(new Int8Array(bytes('data: é\n\n'))), 'é'],
  'a chunk of shared memory': [() => {
    const value = new Uint8Array(new SharedArrayBuffer(9))
    value.set(bytes('data: a\n\n'))
    return chunk(value)
  }, 'a'],
  'a stream of Node': [() => Readable.from([Buffer.from('data: a\n\n')]), 'a'],
  'an async generator': [async function* () { yield bytes('data: a\n\n') }, 'a'],
}

const answers = {
  'nothing': [() => undefined, 'network'],
  'a number': [() => 42, 'network'],
  'an object without a prototype': [() => Object.create(null), 'network'],
  'headers that are a plain object': [() => response({ headers: EVENT_STREAM }), 'network'],
  'headers that are text': [() => response({ headers: 'x' }), 'network'],
  'headers that throw': [() => response({ headers: { get() { throw new Error('no') } } }), 'network'],
  'headers that are symbols': [() => response({ headers: { get: () => Symbol('no') } }), 'network'],
  'a status that is a BigInt': [() => response({ status: 200n }), 'network'],
  'a status that is NaN': [() => response({ status: NaN }), 'network'],
  'a status that is text': [() => response({ status: '200' }), 'network'],
  'a status that is 200 in 16 bits': [() => response({ status: 65_736 }), 'network'],
  'a status that throws': [() => Object.setPrototypeOf(throwing('status'), response({})), 'network'],
  'a body that throws': [() => Object.setPrototypeOf(throwing('body'), response({ status: 503 })), 'network'],
  'a URL that is none': [() => response({ url: 'http://[', body: chunk(bytes('data: a\n\n')) }), 'a'],
  'a URL that is a number': [() => response({ url: 1, body: chunk(bytes('data: a\n\n')) }), 'a'],
  'no URL': [() => response({ url: undefined, body: chunk(bytes('data: a\n\n')) }), 'a'],
  'a promise that never settles': [never, 'timeout'],
}

describe('a hostile fetch', () => {
  let packed
  let EventSource

  before(async () => {
    packed = await packedPackage()
    ;({ EventSource } = await import(pathToFileURL(importMap(packed.manifest, packed.directory + sep)['eventsource-wasm'])))
  })

  after(() => packed?.remove())

  const outcome = (fetch) => new Promise((resolve) => {
    const source = new EventSource('https://example.test/', { fetch, timeouts: { openMs: 200, idleMs: 200 } })
    const settle = (result) => {
      source.close()
      resolve(result)
    }
    source.onmessage = ({ data }) => settle(data)
    source.onerror = ({ kind }) => settle(kind)
  })

  for (const [name, [answer, expected]] of Object.entries(answers)) {
    test(`that gives ${name}: ${expected}`, async () => {
      assert.equal(await outcome(async () => answer()), expected)
    })
  }

  for (const [name, [body, expected]] of Object.entries(bodies)) {
    test(`whose body is ${name}: ${expected}`, async () => {
      assert.equal(await outcome(async () => response({ body: body() })), expected)
    })

    test(`whose body is ${name}, with a status of 503`, async () => {
      assert.equal(await outcome(async () => response({ status: 503, body: body() })), 'http')
    })
  }

  test('an abandoned body is destroyed, read or not', async () => {
    for (const status of [200, 503]) {
      const stream = new Readable({ read() {} })
      stream.push('data: a\n\n')
      await outcome(async () => response({ status, body: stream }))
      assert.equal(stream.destroyed, true)
    }
  })
})
