/** A device that sleeps and wakes: every process of the browser is stopped, and the clock goes on. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { hold } from '../e2e/endpoint.mjs'
import { onEveryEngine } from '../e2e/stage.mjs'
import { processTree } from './process-tree.mjs'

/** The controller treats a gap of 90 s as sleep. */
const SLEEP_MS = 95_000
/** It looks at the clock every 20 s, and a byte has 5 s to arrive. */
const [LOOK_MS, PROOF_MS] = [20_000, 5000]
const MARGIN_MS = 2000

onEveryEngine('sleep', (stage) => {
  test('a connection that died meanwhile is replaced, others are kept', async (t) => {
    const first = 'id: 1\ndata: a\n\n'
    const dead = stage.server.endpoint([hold(first), hold('data: b\n\n')])
    const quiet = stage.server.endpoint([hold(first)])
    const busy = stage.server.endpoint([hold(first)])
    const endpoints = [dead, quiet, busy]
    const sources = await Promise.all(endpoints.map(({ url }) => stage.open('ours', url, { init: { reconnect: { maxBackoffMs: 0 } } })))
    await Promise.all(sources.map((source) => source.until('message')))
    const [, quietLine, busyLine] = await Promise.all(endpoints.map((endpoint) => endpoint.exchange(0)))

    const beats = setInterval(() => busyLine.write(':\n'), 1000)
    const wake = await sleep()
    const wokeAt = performance.now()
    wake()
    // Its server was silent as long as that of the dead one, and speaks before the time for proof is over.
    await after(PROOF_MS / 2)
    await quietLine.write(':\n')

    const second = await dead.exchange(1)
    const tookMs = second.request.arrivedAt - wokeAt
    t.diagnostic(`replaced ${Math.round(tookMs)} ms after waking`)
    assert.ok(tookMs > PROOF_MS - MARGIN_MS && tookMs < LOOK_MS + PROOF_MS + MARGIN_MS, `replaced ${tookMs} ms after waking`)
    assert.equal(second.request.lastEventId, '1')
    await sources[0].until('message', 2)
    await (await dead.exchange(0)).closed
    const [{ kind, willReconnect }] = await sources[0].errors()
    assert.deepEqual({ kind, willReconnect }, { kind: 'timeout', willReconnect: true })

    // As long again as one more check and the proof could take.
    await after(LOOK_MS + PROOF_MS)
    clearInterval(beats)
    await Promise.all([quietLine, busyLine].map((line) => line.write('data: still here\n\n')))
    await Promise.all(sources.slice(1).map((source) => source.until('message', 2)))
    assert.deepEqual(endpoints.map(({ requests }) => requests.length), [2, 1, 1])
    for (const source of sources) await source.close()
  })

  /** Stops the browser. Resolves, after the time of sleep, to the function that wakes it. */
  async function sleep() {
    const capabilities = await stage.browser.session.getCapabilities()
    const processes = processTree(capabilities.get('goog:processID') ?? capabilities.get('moz:processID'))
    const all = (signal) => processes.forEach((id) => process.kill(id, signal))
    const finish = () => all('SIGCONT')
    process.once('exit', finish)
    all('SIGSTOP')
    await after(SLEEP_MS)
    return () => {
      process.off('exit', finish)
      finish()
    }
  }
})
