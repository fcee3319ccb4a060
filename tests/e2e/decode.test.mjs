/** `eventsource-wasm/decode`: data by schemas, `JSON` and functions, for listeners and loops; messages that are not valid. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { hold } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

onEveryEngine('decode', (stage) => {
  before(() => stage.evaluate(async () => {
    const [{ EventSource }, { decode, decoded, DecodeError }] = await Promise.all([import('eventsource-wasm'), import('eventsource-wasm/decode')])
    /** A Standard Schema for prices. */
    const Price = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: ({ price }) => (price > 0 ? { value: { price, isPrice: true } } : { issues: [{ message: 'no price' }] }),
      },
    }
    const LatePrice = { '~standard': { ...Price['~standard'], validate: async (value) => Price['~standard'].validate(value) } }
    globalThis.kit = { EventSource, decode, decoded, DecodeError, Price, LatePrice, Native: globalThis.EventSource }
  }))

  /** Lets the page act on a stream, and gives what `act` resolves to. */
  const onStream = (chunk, act) =>
    stage.evaluate((url, act) => (0, eval)(`(${act})`)(globalThis.kit, url), stage.server.endpoint([hold(chunk)]).url, String(act))

  for (const side of ['EventSource', 'Native']) {
    test(`listeners of ${side} get data by a schema, JSON or a function`, async () => {
      const chunk = 'id: 7\nevent: price\ndata: {"price":1}\n\nevent: list\ndata: [1,2]\n\nevent: count\ndata: 3\n\nevent: end\ndata:\n\n'
      const seen = await onStream(chunk, `async ({ ${side}: Class, decoded, Price }, url) => {
        const source = new Class(url)
        const seen = []
        for (const [type, decoder] of Object.entries({ price: Price, list: JSON, count: Number })) {
          source.addEventListener(type, decoded(decoder, ({ type, data, lastEventId, origin }) => seen.push([type, data, lastEventId, origin])))
        }
        await new Promise((resolve) => source.addEventListener('end', resolve))
        source.close()
        return seen
      }`)
      const { origin } = stage.server
      assert.deepEqual(seen, [
        ['price', { price: 1, isPrice: true }, '7', origin],
        ['list', [1, 2], '7', origin],
        ['count', 3, '7', origin],
      ])
    })
  }

  test('a listener is not called for invalid data, and the stream continues', async () => {
    const chunk = ['{"price":0}', '{', '{"price":2}'].map((data) => `data: ${data}\n\n`).join('')
    const seen = await onStream(chunk, async ({ EventSource, decoded, DecodeError, Price, LatePrice }, url) => {
      const source = new EventSource(url)
      const seen = []
      const refused = (error) => seen.push([error instanceof DecodeError, error.kind, error.message, error.event.data, error.issues.length])
      source.addEventListener('message', decoded(LatePrice, () => seen.push('never'), ({ message }) => seen.push(message)), { once: true })
      await new Promise((resolve) => source.addEventListener('message', decoded(Price, resolve, refused)))
      source.close()
      return seen
    })
    assert.match(seen[2].splice(2, 1)[0], /^the data cannot be decoded: /)
    assert.deepEqual(seen, [
      'the schema validates asynchronously, which only a loop can wait for',
      [true, 'decode', 'the schema refuses the data: no price', '{"price":0}', 1],
      [true, 'decode', '{', 0],
    ])
  })

  test('an asynchronous schema on a listener is refused; its rejection is ignored', async () => {
    const message = await onStream('data: 1\n\n', async ({ EventSource, decoded }, url) => {
      const source = new EventSource(url)
      const validate = async () => { throw new Error('late') }
      const schema = { '~standard': { version: 1, vendor: 'test', validate } }
      const { message } = await new Promise((resolve) => { source.onmessage = decoded(schema, () => {}, resolve) })
      source.close()
      return message
    })
    assert.equal(message, 'the schema validates asynchronously, which only a loop can wait for')
  })

  test('without a function for invalid data, the error is reported', async () => {
    const data = await onStream('data: {\n\ndata: 1\n\n', async ({ EventSource, decoded }, url) => {
      const source = new EventSource(url)
      const { data } = await new Promise((resolve) => { source.onmessage = decoded(JSON, resolve) })
      source.close()
      return data
    })
    assert.equal(data, 1)
    const uncaught = await stage.browser.takeUncaught()
    assert.equal(uncaught.length, 1)
    assert.match(uncaught[0], /the data cannot be decoded/)
  })

  test('without one, a loop throws the error and closes the source', async () => {
    const seen = await onStream('data: 1\n\ndata: {\n\ndata: 2\n\n', async ({ EventSource, decode }, url) => {
      const source = new EventSource(url)
      const seen = []
      try {
        for await (const { data } of decode(source.messages())) seen.push(data)
      } catch ({ name, kind }) {
        seen.push(name, kind)
      }
      return [...seen, source.readyState]
    })
    assert.deepEqual(seen, [1, 'DecodeError', 'decode', 2])
  })

  test('a type may be called "parse"', async () => {
    const seen = await onStream('event: parse\ndata: 1\n\nevent: tick\ndata: 2\n\ndata: 3\n\nevent: tick\ndata: 4\n\n', async ({ EventSource, decode }, url) => {
      const seen = []
      for await (const { type, data } of decode(new EventSource(url).messages(), { parse: Number, tick: JSON })) {
        seen.push([type, data])
        if (data === 4) return seen
      }
    })
    assert.deepEqual(seen, [['parse', 1], ['tick', 2], ['tick', 4]])
  })

  test('an object with parse and stringify is one decoder', async () => {
    const seen = await onStream('data: 1\n\n', async ({ EventSource, decode }, url) => {
      const decoder = { parse: Number, stringify: String, version: () => 1 }
      for await (const { data } of decode(new EventSource(url).messages(), decoder)) return data
    })
    assert.equal(seen, 1)
  })

  test('a loop gives the types that have a decoder, in order, whatever time a schema takes', async () => {
    const chunk = [['price', '{"price":1}'], ['note', 'a'], ['constructor', 'x'], ['price', '{"price":0}'], ['count', '2'], ['price', '{"price":3}']]
      .map(([type, data]) => `event: ${type}\ndata: ${data}\n\n`).join('')
    const seen = await onStream(chunk, async ({ EventSource, decode, LatePrice }, url) => {
      const source = new EventSource(url)
      const seen = []
      const onInvalid = ({ message }) => seen.push(message)
      for await (const { type, data } of decode(source.messages(), { price: LatePrice, count: Number }, onInvalid)) {
        seen.push([type, data.price ?? data])
        if (data.price === 3) break
      }
      return [...seen, source.readyState]
    })
    assert.deepEqual(seen, [['price', 1], 'the schema refuses the data: no price', ['count', 2], ['price', 3], 2])
  })

  test('if the function for invalid data throws, the loop ends and the source closes', async () => {
    const seen = await onStream('data: 1\n\ndata: {\n\ndata: 2\n\n', async ({ EventSource, decode, DecodeError }, url) => {
      const source = new EventSource(url)
      const seen = []
      try {
        for await (const { data } of decode(source.messages(), JSON, (error) => { throw error })) seen.push(data)
      } catch (error) {
        seen.push(error instanceof DecodeError)
      }
      return [...seen, source.readyState]
    })
    assert.deepEqual(seen, [1, true, 2])
  })
})
