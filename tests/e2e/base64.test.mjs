/** `base64` and `base64url`: beside Node's Buffer, with the engine's own decoder and without it, in listeners, loops and hooks. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { hold } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

/** The same numbers in every run. */
function* randomNumbers(seed) {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

const ROUNDS = 500

/** Bytes of random lengths, as both alphabets write them, with and without padding, broken into lines in random places. */
const texts = () => {
  const random = randomNumbers(7)
  const below = (limit) => Math.floor(random.next().value * limit)
  return Array.from({ length: ROUNDS }, () => {
    const bytes = Buffer.from(Array.from({ length: below(64) }, () => below(256)))
    const alphabet = below(2) === 0 ? 'base64' : 'base64url'
    const whole = alphabet === 'base64' ? bytes.toString('base64') : bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
    const padded = below(2) === 0 ? whole : whole.replace(/=+$/, '')
    const breaks = ['', '', '', '\n', '\r\n', ' ', '\r']
    const text = Array.from(padded, (sign) => sign + breaks[below(breaks.length)]).join('')
    return { alphabet, text, bytes: bytes.toString('hex') }
  })
}

const invalid = {
  base64: ['a', 'ab=', 'a===', 'ab==ab==', 'ab=c', '=', 'ab-_', 'ab!c', 'äbcd', 'abcde', 'ab\u00a0c', 'ab\0c'],
  base64url: ['a', 'ab=', 'a===', 'ab==ab==', '=', 'ab+/', 'ab!c', 'ab\u00a0c'],
}

onEveryEngine('base64', (stage) => {
  before(() => stage.evaluate(async () => {
    globalThis.decoders = await import('eventsource-wasm/decode')
    globalThis.hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }))

  for (const has of ['as it is', 'without Uint8Array.fromBase64']) {
    /** Calls a function of the page, with the engine's own decoder or without it. */
    const evaluate = (run, ...values) => stage.evaluate(async (isWithout, run, values) => {
      const { fromBase64 } = Uint8Array
      if (isWithout) delete Uint8Array.fromBase64
      try {
        return await (0, eval)(`(${run})`)(...values)
      } finally {
        if (isWithout && fromBase64) Object.defineProperty(Uint8Array, 'fromBase64', { value: fromBase64, configurable: true, writable: true })
      }
    }, has !== 'as it is', String(run), values)

    test(`decodes what Buffer encodes, ${has}`, async () => {
      const all = texts()
      const decoded = await evaluate((all) => all.map(({ alphabet, text }) => globalThis.hexOf(globalThis.decoders[alphabet](text))), all)
      assert.deepEqual(decoded, all.map(({ bytes }) => bytes))
    })

    for (const [alphabet, texts] of Object.entries(invalid)) {
      test(`${alphabet}: refuses invalid input, ${has}`, async () => {
        const taken = await evaluate((alphabet, texts) => texts.filter((text) => {
          try {
            globalThis.decoders[alphabet](text)
            return true
          } catch {
            return false
          }
        }), alphabet, texts)
        assert.deepEqual(taken, [])
      })
    }
  }

  test('a listener gets bytes; invalid input is a DecodeError, and the stream continues', async () => {
    const { url } = stage.server.endpoint([hold('data: AAEC\ndata: /w==\n\ndata: ?\n\ndata: AA==\n\n')])
    const seen = await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      const { base64, decoded, DecodeError } = globalThis.decoders
      const source = new EventSource(url)
      const seen = []
      await new Promise((resolve) => {
        const refused = (error) => seen.push(error instanceof DecodeError && error.event.data)
        source.onmessage = decoded(base64, ({ data }) => {
          seen.push(globalThis.hexOf(data))
          if (data.length === 1) resolve()
        }, refused)
      })
      source.close()
      return seen
    }, url)
    assert.deepEqual(seen, ['000102ff', '?', '00'])
  })

  test('a loop gets bytes, by type', async () => {
    const { url } = stage.server.endpoint([hold('event: audio\ndata: _-8\n\ndata: text\n\n')])
    const seen = await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      const { base64url, decode } = globalThis.decoders
      const seen = []
      for await (const { type, data } of decode(new EventSource(url).messages(), { audio: base64url, message: String })) {
        seen.push([type, type === 'audio' ? globalThis.hexOf(data) : data])
        if (seen.length === 2) break
      }
      return seen
    }, url)
    assert.deepEqual(seen, [['audio', 'ffef'], ['message', 'text']])
  })

  test('the store under the hooks gets bytes, by parse and by types', async () => {
    const text = 'event: audio\ndata: AAEC\n\nevent: note\ndata: hi\n\n'
    const [one, two] = [1, 2].map(() => stage.server.endpoint([hold(text)]).url)
    const seen = await stage.evaluate(async (one, two) => {
      const [{ EventSource }, { EventStore }] = await Promise.all([import('eventsource-wasm'), import('eventsource-wasm/store')])
      const { base64 } = globalThis.decoders
      const first = async (url, options) => {
        const store = new EventStore(url, { EventSource, ...options })
        const { data } = await new Promise((resolve) => {
          const stop = store.subscribe(() => {
            const snapshot = store.getSnapshot()
            if (snapshot.data === undefined) return
            stop()
            resolve(snapshot)
          })
        })
        return globalThis.hexOf(data)
      }
      return [await first(one, { types: ['audio'], parse: base64 }), await first(two, { types: { audio: base64 } })]
    }, one, two)
    assert.deepEqual(seen, ['000102', '000102'])
  })
})
