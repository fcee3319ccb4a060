import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { assertOneConnectionAtATime } from '../faults/connections.mjs'
import { brokenStream, seeded } from '../soak/broken-stream.mjs'
import { onEveryEngine } from './stage.mjs'

/** `npm run soak` asks for the long form. */
const { events, disconnects, sampleMs } = process.env.LONG
  ? { events: 1_000_000, disconnects: 5000, sampleMs: 5000 }
  : { events: 20_000, disconnects: 60, sampleMs: 500 }

/** The shortest wait that the policy allows, less what a timer may be early. */
const LEAST_WAIT_MS = 100 - 1
const MB = 1 << 20

onEveryEngine('soak', (stage) => {
  before(() => {
    for (const name of ['faults', 'soak']) {
      stage.server.folder(`/${name}/`, fileURLToPath(new URL(`../${name}/`, import.meta.url)))
    }
  })

  test(`${events} events over ${disconnects} disconnects: none lost, none twice, in order, memory flat`, async (t) => {
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32)
    t.diagnostic(`SEED=${seed}`)
    const { replies, cutAt } = brokenStream({ events, disconnects, random: seeded(seed) })
    const endpoint = stage.server.endpoint(replies)
    const started = performance.now()
    await stage.evaluate(async (url) => (await import('/soak/receive.mjs')).start(url), endpoint.url)

    const samples = []
    do {
      samples.push(await stage.evaluate(async (ms) => (await import('/soak/receive.mjs')).sample(ms), sampleMs))
    } while (!samples.at(-1).hasEnded && samples.at(-1).mistakes.length === 0)

    const { received, opens, errors, mistakes } = samples.at(-1)
    const pauses = cutAt.map((at, index) => endpoint.requests[index + 1].arrivedAt - at).sort((a, b) => a - b)
    const memories = samples.map(({ memory }) => memory)
    report(t, { received, opens, errors, seconds: (performance.now() - started) / 1000, pauses, memories })

    assert.deepEqual(mistakes, [])
    assert.equal(received, events)
    assert.equal(endpoint.requests.length, disconnects + 1)
    assert.equal(opens, disconnects + 1)
    assert.equal(errors, disconnects)
    await assertOneConnectionAtATime(endpoint)
    assert.ok(pauses[0] >= LEAST_WAIT_MS, `a request ${pauses[0]} ms after the last cut`)
    assertFlat(memories)
  })
})

/** The second half of a run needs no more than the first, give or take an allocation. */
function assertFlat(memories) {
  const middle = Math.ceil(memories.length / 2)
  const most = (samples, key) => Math.max(...samples.map((sample) => sample[key]))
  const growth = (key) => most(memories.slice(middle), key) - most(memories.slice(0, middle), key)
  assert.ok(growth('wasm') <= MB / 4, `wasm memory grew by ${growth('wasm')} bytes`)
  if (memories[0].heap) assert.ok(growth('heap') < MB, `the heap grew by ${growth('heap')} bytes`)
}

function report(t, { received, opens, errors, seconds, pauses, memories }) {
  const range = (values, unit = 1) => `${(Math.min(...values) / unit).toFixed(2)} to ${(Math.max(...values) / unit).toFixed(2)}`
  t.diagnostic(`${received} events, ${opens} opens, ${errors} errors in ${seconds.toFixed(1)} s`)
  t.diagnostic(`waits: ${range(pauses)} ms, median ${pauses[pauses.length >> 1].toFixed(1)} ms`)
  t.diagnostic(`wasm memory: ${range(memories.map(({ wasm }) => wasm), MB)} MiB`)
  if (memories[0].heap) {
    const heaps = memories.map(({ heap }) => heap)
    t.diagnostic(`heap: ${range(heaps, MB)} MiB, first ${(heaps[0] / MB).toFixed(2)}, last ${(heaps.at(-1) / MB).toFixed(2)}`)
  }
}
