/** Every wire cut after every byte: whatever is lost, the sink gets complete results and one proper end. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, stream } from '../e2e/endpoint.mjs'
import { inNode } from './realms.mjs'
import { subscription, wires } from './wires.mjs'

const RESULTS = [{ data: { count: 1 } }, { data: { count: 2 } }]
const TOGETHER = 60

inNode('cut wires', (realm) => {
  for (const [name, wire] of Object.entries(wires)) {
    for (const how of ['cut', 'end']) {
      test(`${name}: ${how} after every byte`, async () => {
        const bytes = Buffer.from(wire)
        for (let from = 0; from < bytes.length; from += TOGETHER) {
          const lengths = Array.from({ length: Math.min(TOGETHER, bytes.length - from) }, (_, index) => from + index)
          await Promise.all(lengths.map((length) => assertWhole(realm, bytes, length, how)))
        }
      })
    }
  }
})

async function assertWhole(realm, bytes, length, how) {
  const first = async (exchange) => {
    await hold(bytes.subarray(0, length))(exchange)
    if (how === 'cut') exchange.cut()
    else exchange.end()
  }
  const endpoint = realm.server.endpoint([first, stream(bytes)])
  const heard = await realm.run(({ createClient, outcome }, url, request) =>
    outcome(createClient({ url, reconnect: { maxBackoffMs: 0 } }), request), endpoint.url, subscription)
  const isAskedAgain = endpoint.requests.length === 2
  const whole = isAskedAgain ? RESULTS : []
  const before = heard.slice(0, heard.length - whole.length - 1)
  assert.deepEqual(heard, [...before, ...whole, 'complete'], `after ${length} bytes`)
  assert.deepEqual(before, RESULTS.slice(0, before.length), `after ${length} bytes`)
  if (!isAskedAgain) assert.deepEqual(before, RESULTS, `after ${length} bytes`)
}
