/** The protocol of those who share a connection, at virtual time. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { seeded } from '../soak/seeded.mjs'
import { importSource } from './modules.mjs'
import { Tab, World } from './world.mjs'

/** `npm run deaths` asks for more. */
const WORLDS = Number(process.env.WORLDS ?? (process.env.LONG ? 1000 : 12))
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32)

/** Possible faults; probabilities are per message, request or piece of the stream. */
const kinds = {
  'nothing but deaths': { loss: 0, delayMs: 5, refusal: 0, breaks: 0 },
  'slow messages': { loss: 0, delayMs: 60, refusal: 0, breaks: 0 },
  'lost messages': { loss: 0.02, delayMs: 20, refusal: 0, breaks: 0 },
  'a bad server': { loss: 0, delayMs: 20, refusal: 0.1, breaks: 0.02 },
  'all of it': { loss: 0.02, delayMs: 60, refusal: 0.1, breaks: 0.01 },
}

let Member
before(async () => { ({ Member } = await importSource('member')) })

for (const [kind, faults] of Object.entries(kinds)) {
  test(`${kind}: every tab gets each event once and in order, and nothing stalls`, (t) => {
    t.diagnostic(`SEED=${seed}`)
    const total = {}
    for (let n = 0; n < WORLDS; n++) {
      try {
        for (const [name, count] of Object.entries(play(seed + n, faults))) {
          total[name] = name === 'mostConnections' ? Math.max(total[name] ?? 0, count) : (total[name] ?? 0) + count
        }
      } catch (error) {
        error.message += `\nSEED=${seed + n}`
        throw error
      }
    }
    t.diagnostic(JSON.stringify(total))
  })
}

for (const endsBy of ['server', 'reader']) {
  test(`a stream that its ${endsBy} ends has ended for every tab: none misses the last event, none asks again`, () => {
    for (let n = 0; n < WORLDS; n++) {
      const random = seeded(seed + n)
      const faults = { ...kinds['nothing but deaths'], delayMs: 40 }
      const world = new World({ random, Member, faults, settings: { replayBytes: 65_536, pingMs: 200 } })
      const tabs = Array.from({ length: 5 }, () => new Tab(world))
      world.run(500)
      Object.assign(world, { endsBy, lastOfAll: world.lastNumber + 5 })
      world.run(1000)
      const { requests, failures } = world.stats
      const ends = tabs.map(({ role, lastNumber }) => ({ role, missed: world.lastOfAll - lastNumber }))
      assert.deepEqual({ requests, failures, ends }, { requests: 1, failures: 0, ends: Array(5).fill({ role: 'over', missed: 0 }) }, `SEED=${seed + n}`)
    }
  })
}

/** A few seconds of faults, then quiet. */
function play(seed, faults) {
  const random = seeded(seed)
  const world = new World({ random, Member, faults, settings: { replayBytes: 4096, pingMs: 200 } })
  const tabs = () => [...world.tabs]
  const any = (list) => list[Math.floor(random() * list.length)]
  const some = () => any(random() < 0.7 ? tabs().filter(({ role }) => role === 'leading') : []) ?? any(tabs())
  for (let n = 0; n < 5; n++) new Tab(world)
  for (let n = 0; n < 20; n++) {
    world.run(world.between(5, 400))
    assert.ok(world.connections.size <= world.tabs.size, 'no more connections than tabs')
    const tab = some()
    const deeds = {
      crash: () => tab.crash(),
      close: () => tab.close(),
      freeze: () => rest(tab, 'freeze'),
      stop: () => rest(tab, 'stop'),
      startOver: () => tab.startOver(),
    }
    if (!tab.isStopped) deeds[any(Object.keys(deeds))]()
    while (world.tabs.size < 5) new Tab(world)
  }
  world.isCalm = true
  const goal = world.lastNumber
  const leaders = () => tabs().filter(({ role }) => role === 'leading').length
  const isWell = () => leaders() === 1 && tabs().every(({ lastNumber, role }) => lastNumber > goal && /^(leading|following|alone)$/.test(role))
  assert.ok(world.run(20_000, isWell), `it goes on: ${tabs().map(({ role, lastNumber, isStopped }) => `${role} ${lastNumber} ${isStopped}`)} of ${goal}`)
  return world.stats

  function rest(tab, how) {
    tab[how]()
    world.after(world.between(0, 3000), () => tab.goOn())
  }
}
