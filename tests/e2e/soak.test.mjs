import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { assertOneConnectionAtATime } from '../faults/connections.mjs'
import { brokenStream } from '../soak/broken-stream.mjs'
import { seeded } from '../soak/seeded.mjs'
import { onEveryEngine } from './stage.mjs'

/** `npm run soak` asks for the long form. */
const { events, disconnects, sampleMs } = process.env.LONG
  ? { events: 1_000_000, disconnects: 5000, sampleMs: 5000 }
  : { events: 20_000, disconnects: 60, sampleMs: 500 }

/** The shortest wait that the policy allows, minus how early a timer may fire. */
const LEAST_WAIT_MS = 100 - 1
const HEARSAY_MS = 50
const MB = 1 << 20
const MAX_WASM = 2 * MB

onEveryEngine('soak', (stage) => {
  before(() => {
    for (const name of ['faults', 'soak']) {
      stage.server.folder(`/${name}/`, fileURLToPath(new URL(`../${name}/`, import.meta.url)))
    }
  })

  beforeEach(() => stage.reload())

  test(`${events} events over ${disconnects} disconnects: none lost, none twice, in order, memory flat`, async (t) => {
    const { endpoint, cutAt, samples } = await soak(t)
    const { opens, errors } = samples.at(-1)
    const waits = cutAt.map((at, index) => endpoint.requests[index + 1].arrivedAt - at).sort((a, b) => a - b)
    t.diagnostic(`waits: ${range(waits)} ms, median ${waits[waits.length >> 1].toFixed(1)} ms`)
    assert.equal(endpoint.requests.length, disconnects + 1)
    assert.equal(opens, disconnects + 1)
    assert.equal(errors, disconnects)
    assert.ok(waits[0] >= LEAST_WAIT_MS, `a request ${waits[0]} ms after the last cut`)
    await assertOneConnectionAtATime(endpoint)
  })

  test('the same while network, page and owner interfere', async (t) => {
    const { endpoint, samples } = await soak(t, { reconnect: { stableMs: 0, maxBackoffMs: 100 } }, true)
    t.diagnostic(`${samples.at(-1).deeds} deeds, ${endpoint.requests.length} requests`)
    await assertOneConnectionAtATime(endpoint, HEARSAY_MS)
  })

  /** Receives the whole of a broken stream. */
  async function soak(t, init = {}, isMeddled = false) {
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32)
    t.diagnostic(`SEED=${seed}`)
    const { replies, cutAt } = brokenStream({ events, disconnects, random: seeded(seed) })
    const endpoint = stage.server.endpoint(replies)
    const started = performance.now()
    await stage.evaluate(
      async (...parameters) => (await import('/soak/receive.mjs')).start(...parameters),
      endpoint.url, init, ...(isMeddled ? [seed] : []),
    )
    const samples = []
    do {
      samples.push(await stage.evaluate(async (ms) => (await import('/soak/receive.mjs')).sample(ms), sampleMs))
    } while (!samples.at(-1).hasEnded && samples.at(-1).mistakes.length === 0)

    const { received, opens, errors, mistakes } = samples.at(-1)
    const memories = samples.map(({ memory }) => memory)
    t.diagnostic(`${received} events, ${opens} opens, ${errors} errors in ${((performance.now() - started) / 1000).toFixed(1)} s`)
    t.diagnostic(`wasm memory: ${range(memories.map(({ wasm }) => wasm), MB)} MiB`)
    if (memories[0].heap) t.diagnostic(`heap: ${range(memories.map(({ heap }) => heap), MB)} MiB`)
    assert.deepEqual(mistakes, [])
    assert.equal(received, events)
    assertFlat(memories)
    return { endpoint, cutAt, samples }
  }
})

/**
 * WebAssembly memory never shrinks, so its bound is one for the whole run: the largest read buffer, the parser's and
 * the module itself. The heap also holds requests that are still being given up; a leak would raise its median.
 */
function assertFlat(memories) {
  const wasm = Math.max(...memories.map((memory) => memory.wasm))
  assert.ok(wasm <= MAX_WASM, `wasm memory grew to ${wasm} bytes`)
  if (!memories[0].heap) return
  const middle = memories.length >> 1
  const growth = median(memories.slice(middle)) - median(memories.slice(0, middle))
  assert.ok(growth < MB, `the heap grew by ${growth} bytes`)
}

function median(memories) {
  return memories.map(({ heap }) => heap).sort((a, b) => a - b)[memories.length >> 1]
}

function range(values, unit = 1) {
  return `${(Math.min(...values) / unit).toFixed(2)} to ${(Math.max(...values) / unit).toFixed(2)}`
}
