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

test('a leader that is silent is replaced, even by tabs whose timers run once a minute', () => {
  const { follower, steals } = following({ pingMs: 5000 })
  for (let minute = 1; minute <= 5; minute++) follower.tick(minute * 60_000)
  assert.deepEqual(steals, [4 * 60_000])
})

test('a leader that answers as soon as it runs is not replaced, however often and long the device sleeps', () => {
  for (let n = 0; n < WORLDS; n++) {
    const random = seeded(seed + n)
    const world = new World({ random, Member, faults: kinds['nothing but deaths'], settings: { replayBytes: 4096, pingMs: 200 } })
    const tabs = Array.from({ length: 5 }, () => new Tab(world))
    world.run(500)
    // From now on there is nothing to hear but answers.
    world.lastOfAll = world.lastNumber
    world.endsBy = 'nobody'
    for (let sleep = 0; sleep < 50; sleep++) {
      world.run(world.between(50, 1000))
      // The leader falls asleep first, so that it may have been asked in vain.
      tabs.find(({ role }) => role === 'leading').stop()
      world.run(world.between(0, 80))
      for (const tab of tabs) tab.stop()
      world.run(world.between(2000, 10_000))
      for (const tab of tabs) tab.goOn()
    }
    assert.deepEqual([world.stats.steals, world.stats.requests], [0, 1], `SEED=${seed + n}`)
  }
})

/** A member that follows a leader of which nothing more is heard, and when it breaks the lock. */
function following(settings) {
  const steals = []
  let join
  const act = new Proxy({ random: () => 0.5, say(message) { if (message.type === 'join') join = message } }, {
    get: (acts, name) => acts[name] ?? (() => { if (name === 'steal') steals.push(now) }),
  })
  const follower = new Member(act, { replayBytes: 4096, ...settings }, '')
  let now = 0
  follower.enter(now)
  const leader = { from: 'a leader', connection: 'a connection' }
  follower.hear({ ...leader, type: 'lead' }, now)
  const standing = { lastEventId: '1', retry: '', isWhole: true }
  const head = { status: 200, statusText: '', headers: [], url: '', isStream: true }
  follower.hear({ ...leader, type: 'welcome', to: join.from, had: 0, at: 0, head, bytes: new Uint8Array(), standing }, now)
  assert.equal(follower.role, 'following')
  return { follower: { tick: (time) => follower.tick(now = time) }, steals }
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
