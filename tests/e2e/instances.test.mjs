/** Traps and large events leave nothing behind. Modules with little memory trap on large input. */

import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hold } from './endpoint.mjs'
import { limitedModule } from './limited-module.mjs'
import { onEveryEngine } from './stage.mjs'

const MB = 1 << 20
const SOURCES = 10_000
/** How many at a time: the page has to answer in time. */
const AT_A_TIME = 200
/** Beyond it an instance takes no new sources. */
const SPENT_BYTES = 8 * MB

onEveryEngine('instances', (stage) => {
  before(() => stage.server.folder('/faults/', fileURLToPath(new URL('../faults/', import.meta.url))))
  beforeEach(() => stage.reload())

  /** Has every source but those of `healthy` fail in its own way, beside one that goes on. */
  async function failBeside(module, init, atOnce = 1) {
    const healthy = stage.server.endpoint([hold('data: 1\n\n')])
    const before = await stage.evaluate(async (bytes, url) => {
      const { memoryUse } = await import('/faults/memory.mjs')
      const library = await import(`eventsource-wasm${bytes ? '/slim' : ''}`)
      if (bytes) await library.init(new Uint8Array(bytes))
      globalThis.library = library
      globalThis.seen = []
      globalThis.healthy = new library.EventSource(url)
      globalThis.healthy.onmessage = ({ data }) => globalThis.seen.push(data)
      await new Promise((resolve) => { globalThis.healthy.addEventListener('message', resolve, { once: true }) })
      return memoryUse()
    }, module, healthy.url)
    const kinds = {}
    for (let done = 0; done < SOURCES; done += AT_A_TIME) {
      const some = await stage.evaluate(async (count, init, atOnce) => {
        const makeInit = (0, eval)(`(${init})`)
        const kinds = {}
        const fail = async () => {
          const source = new globalThis.library.EventSource('/nowhere', makeInit())
          const { kind } = await new Promise((resolve) => { source.onerror = resolve })
          source.close()
          kinds[kind] = (kinds[kind] ?? 0) + 1
        }
        for (let made = 0; made < count; made += atOnce) await Promise.all(Array.from({ length: atOnce }, fail))
        return kinds
      }, AT_A_TIME, String(init), atOnce)
      for (const [kind, count] of Object.entries(some)) kinds[kind] = (kinds[kind] ?? 0) + count
    }
    await (await healthy.exchange(0)).write('data: 2\n\n')
    const after = await stage.evaluate(async () => {
      const { memoryUse } = await import('/faults/memory.mjs')
      while (globalThis.seen.length < 2) await new Promise((resolve) => { globalThis.healthy.addEventListener('message', resolve, { once: true }) })
      for (let turn = 0; turn < 3; turn += 1) {
        await new Promise((resolve) => { setTimeout(resolve) })
        memoryUse()
      }
      return { ...memoryUse(), seen: globalThis.seen, readyState: globalThis.healthy.readyState }
    })
    assert.deepEqual({ seen: after.seen, readyState: after.readyState }, { seen: ['1', '2'], readyState: 1 })
    return { kinds, before, after }
  }

  test(`${SOURCES} sources that trap: one beside them goes on, and their instances are gone`, async (t) => {
    const module = await limitedModule(stage.packed, 128 * 1024)
    const large = () => ({
      fetch: async () => new Response(globalThis.large ??= `data: ${'x'.repeat(300_000)}\n\n`, { headers: { 'content-type': 'text/event-stream' } }),
    })
    const { kinds, after } = await failBeside(module, large)
    t.diagnostic(JSON.stringify(after))
    assert.deepEqual(kinds, { wasm: SOURCES })
    // No other engine collects garbage on request.
    if (stage.engineName === 'chromium') assert.ok(after.instances <= 3, `${after.instances} instances`)
  })

  test(`${SOURCES} sources whose fetch throws: one beside them goes on, and memory does not grow with them`, async () => {
    const throws = () => ({ fetch: () => { throw new Error('no fetch today') } })
    const { kinds, before, after } = await failBeside(undefined, throws, 200)
    assert.deepEqual(kinds, { network: SOURCES })
    // Those that exist at the same time need room.
    assert.ok(after.wasm - before.wasm <= MB / 4, `${after.wasm - before.wasm} bytes`)
  })

  test('a source that has read an event of 200 MB leaves nothing when it is closed', { skip: stage.engineName !== 'chromium' }, async (t) => {
    const report = await stage.evaluate(async (spentBytes) => {
      const { memoryUse } = await import('/faults/memory.mjs')
      const { EventSource } = await import('eventsource-wasm')
      const text = new Uint8Array(1 << 20).fill(120)
      const ends = (text, times) => {
        let sent = 0
        return async () => new Response(new ReadableStream({
          pull(controller) {
            if (sent === 0) controller.enqueue(new TextEncoder().encode('data: '))
            else if (sent <= times) controller.enqueue(text.slice())
            else return controller.enqueue(new TextEncoder().encode('\n\n')), new Promise(() => {})
            sent += 1
          },
        }), { headers: { 'content-type': 'text/event-stream' } })
      }
      const first = async (times) => {
        const source = new EventSource('/large', { fetch: ends(text, times), limits: { maxEventBytes: 2 ** 28 } })
        const event = await new Promise((resolve, reject) => { source.onmessage = resolve; source.onerror = reject })
        return { source, length: event.data.length }
      }
      const { source, length } = await first(200)
      const large = memoryUse()
      const beside = await first(1)
      const both = memoryUse()
      source.close()
      beside.source.close()
      await new Promise((resolve) => { setTimeout(resolve, 50) })
      const closed = memoryUse()
      return { length, large, both, closed, isLarge: large.wasm > spentBytes }
    }, SPENT_BYTES)
    t.diagnostic(JSON.stringify(report))
    assert.equal(report.length, 200 * MB)
    assert.ok(report.isLarge)
    assert.deepEqual([report.large.instances, report.both.instances], [1, 2])
    assert.ok(report.closed.wasm < SPENT_BYTES, `${report.closed.wasm} bytes`)
  })
})
