/** The event listener list under random scripts, with the platform's own targets as oracle. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryEngine } from './stage.mjs'

const SEEDS = 300

/** The oracle of each kind of events: light ones take both passes of DOM 2.9 in every engine, as a tree's do. */
const oracles = { light: 'element', platform: 'signal' }

onEveryEngine('listener scripts', (stage) => {
  for (const [events, oracle] of Object.entries(oracles)) {
    test(`events: "${events}" reach the same listeners as those of the platform`, async () => {
      const { differing, called } = await stage.evaluate(async (events, oracle, seeds) => {
        const { play } = await import('/e2e/listener-script.mjs')
        let called = 0
        for (let seed = 0; seed < seeds; seed += 1) {
          const expected = await play(oracle, seed)
          const actual = await play(events, seed)
          if (JSON.stringify(actual) !== JSON.stringify(expected)) return { differing: { seed, actual, expected } }
          called += actual.length
        }
        return { called }
      }, events, oracle, SEEDS)
      if (differing) assert.deepEqual(differing.actual, differing.expected, `seed ${differing.seed}`)
      assert.ok(called > SEEDS * 10, `the scripts call something: ${called}`)
    })
  }
})
