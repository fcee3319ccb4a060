/** Memory does not grow with the stream, and a retained event retains little more than itself. */

import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { pagesMemory } from '../faults/process-memory.mjs'
import { replyBy } from '../faults/replies.mjs'
import { head } from '../faults/wire.mjs'
import { blocks } from '../soak/mixed-stream.mjs'
import { onEveryEngine } from './stage.mjs'

const MB = 1 << 20
const KB = 1 << 10

/** `npm run memory` asks for the long form. */
const streamBytes = process.env.LONG ? 1024 * MB : 64 * MB
const keptBytes = process.env.LONG ? 512 * MB : 64 * MB
/** So many that what they retain exceeds the page's normal fluctuation. */
const KEPT = 500

/** Of the events of a mixed stream, their lines together. */
const BYTES_PER_EVENT = 340

onEveryEngine('memory', (stage) => {
  const skip = stage.engineName !== 'chromium' && 'no other engine tells of its heap'

  before(() => {
    for (const name of ['faults', 'soak']) {
      stage.server.folder(`/${name}/`, fileURLToPath(new URL(`../${name}/`, import.meta.url)))
    }
  })
  beforeEach(() => stage.reload())

  test(`a stream of ${streamBytes / MB} MB of all kinds uses no more memory at its end than at its start`, { skip }, async (t) => {
    const { samples } = await receive(t, { bytes: streamBytes })
    const middle = samples.length >> 1
    const most = (part, key) => Math.max(...part.map((sample) => sample[key]))
    const growth = (key) => most(samples.slice(middle), key) - most(samples.slice(0, middle), key)
    assert.ok(growth('wasm') <= MB / 4, `wasm memory grew by ${growth('wasm')} bytes`)
    assert.equal(growth('instances'), 0, 'instances of the module')
    assert.ok(growth('heap') < MB / 2, `the heap grew by ${growth('heap')} bytes`)
  })

  for (const [what, isAscii, segmentKB] of [['', true, 16], [' beyond ASCII, which UTF-16 doubles,', false, 32]]) {
    test(`a retained event${what} retains at most ${segmentKB} KiB`, { skip: skip || process.platform !== 'linux' }, async (t) => {
      await receive(t, { bytes: keptBytes, isAscii })
      await trim()
      const before = pagesMemory()
      const { kept } = await receive(t, { bytes: keptBytes, isAscii, toKeep: KEPT })
      await trim()
      const perEvent = (pagesMemory() - before) / kept
      t.diagnostic(`${(perEvent / KB).toFixed(1)} KiB for each of ${kept}`)
      // An allocator rounds up by a quarter, and there is the event itself. Whole chunks of 64 KiB would be more than twice that.
      assert.ok(perEvent < (segmentKB * 1.25 + 8) * KB, `${perEvent} bytes`)
    })
  }

  /** Makes the browser release its spare memory. */
  const trim = async () => {
    await stage.browser.session.sendDevToolsCommand('HeapProfiler.collectGarbage')
    await stage.browser.session.sendDevToolsCommand('Memory.simulatePressureNotification', { level: 'critical' })
    await stage.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 1000) }))
  }

  /** Receives a mixed stream, in writes of all sizes, and looks at the page's memory after every tenth of it. */
  async function receive(t, { bytes, isAscii = false, toKeep = 0 }) {
    const { url } = stage.server.endpoint([replyBy(async (wire) => {
      await wire.write(head())
      let size = 1
      for (const block of blocks(bytes, isAscii)) {
        for (let at = 0; at < block.length; at += size) {
          size = (size * 5) % 262_139
          await wire.write(block.subarray(at, at + size))
        }
      }
      wire.finish()
    })])
    const events = bytes / BYTES_PER_EVENT
    const started = performance.now()
    await stage.evaluate(
      async (...parameters) => (await import('/soak/receive-mixed.mjs')).start(...parameters),
      url, isAscii, toKeep > 0 ? Math.floor(events / toKeep) : bytes, Math.floor(events / 10),
    )
    let progress
    do progress = await stage.evaluate(async (ms) => (await import('/soak/receive-mixed.mjs')).progress(ms), 5000)
    while (!progress.hasEnded)
    const { samples } = progress
    assert.deepEqual(progress.mistakes, [])
    t.diagnostic(`${samples.at(-1).number} events and more in ${((performance.now() - started) / 1000).toFixed(1)} s`)
    for (const { number, ...memory } of [samples[0], samples.at(-1)]) t.diagnostic(`at event ${number}: ${JSON.stringify(memory)}`)
    assert.ok(samples.length >= 8, `${samples.length} samples`)
    return progress
  }
})
