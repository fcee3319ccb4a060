/** A WebAssembly trap fails the source that it happens to, and no other. Modules with little memory trap on large input. */

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { hold } from './endpoint.mjs'
import { limitedModule } from './limited-module.mjs'
import { onEveryEngine } from './stage.mjs'

/** More than the small module has in all. */
const LARGE = `data: ${'x'.repeat(4 << 20)}\n\n`

onEveryEngine('traps', (stage) => {
  beforeEach(() => stage.reload())

  /** Makes the page use the published module with a memory limit. */
  async function initWithMemoryOf(spareBytes) {
    await stage.evaluate(async (bytes) => {
      const { EventSource, init } = await import('eventsource-wasm/slim')
      await init(new Uint8Array(bytes))
      const sources = new Map()
      /** Opens a source that logs what it hears. */
      globalThis.open = (name, url, init) => {
        const source = new EventSource(url, init)
        const log = []
        sources.set(name, { source, log })
        source.onopen = () => log.push('open')
        source.onmessage = ({ data }) => log.push(data)
        source.onerror = ({ kind, willReconnect, attempt, cause }) => {
          log.push({ kind, willReconnect, attempt, trap: cause instanceof WebAssembly.RuntimeError, readyState: source.readyState })
        }
        return source
      }
      /** Resolves to the log of a source when it has that many entries. */
      globalThis.heard = async (name, count) => {
        const { source, log } = sources.get(name)
        while (log.length < count) {
          await new Promise((resolve) => {
            for (const type of ['open', 'message', 'error']) source.addEventListener(type, resolve, { once: true })
          })
        }
        return log
      }
    }, await limitedModule(stage.packed, spareBytes))
  }

  const failed = { kind: 'wasm', willReconnect: false, attempt: 0, trap: true, readyState: 2 }

  test('mid-stream: an error, the request ends, and other and later sources work', async () => {
    await initWithMemoryOf(2 << 20)
    const [trapping, beside, after] = [['data: 1\n\n', LARGE], ['data: 1\n\n'], ['data: 1\n\n']]
      .map((chunks) => stage.server.endpoint([hold(...chunks)]))
    const [log, loop] = await stage.evaluate(async (url, beside) => {
      globalThis.open('beside', beside)
      await globalThis.heard('beside', 2)
      const source = globalThis.open('trapping', url, { reconnect: true })
      const taken = (async () => {
        const seen = []
        try {
          for await (const { data } of source.messages()) seen.push(data)
        } catch (error) {
          seen.push(error.cause.kind)
        }
        return seen
      })()
      return Promise.all([globalThis.heard('trapping', 3), taken])
    }, trapping.url, beside.url)
    assert.deepEqual(log, ['open', '1', failed])
    assert.deepEqual(loop, ['1', 'wasm'])
    assert.equal((await (await trapping.exchange(0)).closed).finished, false)

    await (await beside.exchange(0)).write('data: 2\n\n')
    assert.deepEqual(await stage.evaluate(() => globalThis.heard('beside', 3)), ['open', '1', '2'])
    const later = await stage.evaluate((url) => {
      globalThis.open('after', url)
      return globalThis.heard('after', 2)
    }, after.url)
    assert.deepEqual(later, ['open', '1'])
  })

  test('while constructing: an error too', async () => {
    await initWithMemoryOf(0)
    const log = await stage.evaluate(async () => {
      const { readyState } = globalThis.open('trapping', '/page')
      return [readyState, ...await globalThis.heard('trapping', 1)]
    })
    assert.deepEqual(log, [0, failed])
  })
})
