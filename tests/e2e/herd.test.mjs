import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { DeadServer } from '../herd/dead-server.mjs'
import { histogram, plot } from '../herd/plot.mjs'
import { onEveryEngine } from './stage.mjs'

/** `npm run herd` asks for the long form, which also draws what a fixed wait does. */
const LONG = Boolean(process.env.LONG)
const [SOURCES, SECONDS] = LONG ? [1000, 40] : [200, 7]
/** The shortest wait that the policy allows, minus how early a timer may fire. */
const LEAST_WAIT_MS = 100 - 1
const BIN_MS = 500

onEveryEngine('herd', (stage) => {
  test(`${SOURCES} sources at a dead server: spread, one request of each at a time, none too early`, async (t) => {
    const spread = await besiege({ reconnect: true })
    const most = Math.max(...histogram(retries(spread), SECONDS * 1000, BIN_MS))
    t.diagnostic(`${spread.length} requests; at most ${most} retries in ${BIN_MS} ms`)
    assertPolite(spread)
    // The first waits are spread over three seconds, the next over more: about a quarter at the peak.
    assert.ok(most < SOURCES * 0.6, `${most} of ${SOURCES} sources tried again in ${BIN_MS} ms`)
    if (LONG) draw([['a fixed wait, as HTML says', await besiege({})], ['reconnect: true', spread]])
  })

  /** Lets sources try for a while and returns what the server saw. */
  async function besiege(init) {
    const server = await DeadServer.start()
    try {
      await stage.reload()
      await stage.evaluate(async (url, count, init) => {
        const { EventSource } = await import('eventsource-wasm')
        globalThis.herd = Array.from({ length: count }, (_, source) => new EventSource(`${url}?${source}`, init))
      }, server.url, SOURCES, init)
      // Time is what is measured here.
      await after(SECONDS * 1000)
      await stage.evaluate(() => globalThis.herd.forEach((source) => source.close()))
      return server.arrivals
    } finally {
      await server.close()
    }
  }
})

/** When sources came again, counted from the first request of all. */
function retries(arrivals) {
  const seen = new Set()
  const isRetry = ({ source }) => seen.has(source) || !seen.add(source)
  return arrivals.filter(isRetry).map(({ at }) => at - arrivals[0].at)
}

function draw(sieges) {
  const panels = sieges.map(([what, arrivals]) => ({
    title: `${SOURCES} sources at a dead server, ${what}: ${arrivals.length} requests`,
    times: arrivals.map(({ at }) => at - arrivals[0].at),
  }))
  writeFileSync(new URL('../../target/herd.svg', import.meta.url), plot(panels, { seconds: SECONDS, binMs: BIN_MS / 2 }))
}

/** Every source came, never twice at a time, and not before the wait was over. */
function assertPolite(arrivals) {
  const bySource = new Map()
  for (const arrival of arrivals) bySource.set(arrival.source, [...(bySource.get(arrival.source) ?? []), arrival])
  assert.equal(bySource.size, SOURCES)
  for (const [source, visits] of bySource) {
    for (const [index, { at }] of visits.slice(1).entries()) {
      const waited = at - visits[index].at
      assert.ok(visits[index].over <= at, `source ${source} came while its last request was under way`)
      assert.ok(waited >= LEAST_WAIT_MS, `source ${source} came again after ${waited} ms`)
    }
  }
}
