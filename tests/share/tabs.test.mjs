/** Real tabs of one profile share a connection, and go on when the one that has it dies. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { seeded } from '../soak/seeded.mjs'
import { onEveryEngine } from '../e2e/stage.mjs'
import { Feed } from './feed.mjs'
import { Tab } from './tab.mjs'

const TABS = 7
/** `npm run deaths` asks for more. */
const DEATHS = process.env.LONG ? Number(process.env.DEATHS ?? 1000) : 8
const SHARE = { key: 'a user', pingMs: 1000 }
/** Events after a death that everybody must get before the next. */
const ON = 25

const kinds = { chromium: ['close', 'navigate', 'freeze', 'crash', 'stop'], firefox: ['close', 'navigate', 'stop'] }

onEveryEngine('shared by tabs', (stage) => {
  before(() => stage.server.folder('/share/', fileURLToPath(new URL('.', import.meta.url))))

  test('ten tabs have one connection, and the page can still ask for something else', async () => {
    const { feed, url } = newFeed()
    const ping = stage.server.page('/ping', 'pong')
    const tabs = []
    for (let n = 0; n < 10; n++) tabs.push(await newTab(url))
    for (const tab of tabs) await tab.until(feed.number + ON)
    assert.deepEqual({ requests: feed.requests, most: feed.most }, { requests: 1, most: 1 })
    assert.equal(await tabs[9].evaluate(async (url) => (await fetch(url)).text(), ping), 'pong')
    const roles = []
    for (const tab of tabs) roles.push(await tab.role())
    assert.deepEqual(roles.sort(), [...Array(9).fill('following'), 'leading'])
    for (const tab of tabs) assertWhole(await tab.read())
    await closeAll(tabs)
  })

  test('another key, and another header that authenticates, is another connection', async () => {
    const { feed, url } = newFeed()
    const tabs = [
      await newTab(url),
      await newTab(url, { ...SHARE, key: 'another user' }),
      await newTab(url, SHARE, { headers: { authorization: 'a token' } }),
      await newTab(url, SHARE, { headers: { authorization: 'a token' } }),
    ]
    for (const tab of tabs) await tab.until(feed.number + ON)
    assert.equal(feed.live.size, 3)
    await closeAll(tabs)
  })

  if (stage.engineName === 'chromium') {
    test('the browser buffers little of the stream for a stopped tab', async (t) => {
      const { feed, url } = newFeed({ padding: 40_000 })
      const tabs = []
      for (let n = 0; n < 3; n++) tabs.push(await newTab(url))
      for (const tab of tabs) await tab.until(feed.number + ON)
      const leader = await leaderOf(tabs)
      const [stopped, other] = tabs.filter((tab) => tab !== leader)
      await stopped.findProcess()
      await other.show()
      await other.until(feed.number + ON)
      const [before, start] = [await other.browserMemory(), feed.number]
      stopped.signal('SIGSTOP')
      for (const events of [250, 500]) await other.until(start + events)
      const grown = await other.browserMemory() - before
      stopped.signal('SIGCONT')
      t.diagnostic(`${((feed.number - start) * 40_000 / 1e6).toFixed()} MB of the stream, ${(grown / 1e6).toFixed(1)} MB kept`)
      assert.ok(grown < 8e6, `${grown} bytes`)
      for (const tab of tabs) {
        await tab.until(feed.number)
        assertWhole(await tab.read())
      }
      await closeAll(tabs)
    })
  }

  test(`${DEATHS} deaths of the tab with the connection: nothing lost, nothing twice, in order`, { timeout: 3_600_000 }, async (t) => {
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32)
    t.diagnostic(`SEED=${seed}`)
    const random = seeded(seed)
    const { feed, url } = newFeed()
    const total = { deaths: 0, received: 0, lost: 0, doubled: 0, errors: 0 }
    const gaps = {}
    const tally = ({ received, lost, doubled, errors }) => {
      for (const [name, count] of Object.entries({ received, lost, doubled, errors: errors.length })) total[name] += count
    }
    let tabs = []
    for (let n = 0; n < TABS; n++) tabs.push(await newTab(url))
    for (const tab of tabs) await tab.until(feed.number + ON)
    const possible = kinds[stage.engineName]
    try {
      for (let n = 0; n < DEATHS; n++) {
        const kind = possible[n < possible.length ? n : Math.floor(random() * possible.length)]
        const leader = await leaderOf(tabs)
        const others = tabs.filter((tab) => tab !== leader)
        for (const tab of others) await tab.read()
        const before = await leader.read()
        if (kind === 'crash' || kind === 'stop') await leader.findProcess()
        if (kind === 'freeze' || kind === 'crash' || kind === 'stop') await others[0].show()
        const diedAt = Date.now()
        await deaths[kind](leader)
        const goal = feed.number + ON
        let longest = 0
        for (const tab of others) {
          await tab.until(goal)
          const { gaps } = await tab.read()
          for (const [from, to] of gaps) if (to > diedAt + 20 && from < diedAt + 500) longest = Math.max(longest, to - from)
        }
        ;(gaps[kind] ??= []).push(longest)
        total.deaths += 1
        assert.ok(feed.live.size <= TABS, `${feed.live.size} connections`)
        if (kind === 'freeze' || kind === 'stop') {
          if (kind === 'freeze') await leader.setFrozen(false)
          else leader.signal('SIGCONT')
          await leader.until(feed.number)
        } else {
          tally(before)
          tabs = [...others, await newTab(url)]
          await tabs.at(-1).until(feed.number)
        }
      }
      for (const tab of tabs) tally(await tab.read())
    } finally {
      t.diagnostic(JSON.stringify({ ...total, requests: feed.requests, most: feed.most }))
      for (const [kind, list] of Object.entries(gaps)) t.diagnostic(`${kind}: ${list.length}, longest silence of a survivor in ms: ${distribution(list)}`)
    }
    const { lost, doubled, errors } = total
    assert.deepEqual({ lost, doubled, errors }, { lost: 0, doubled: 0, errors: 0 })
    await closeAll(tabs)
  })

  const deaths = {
    close: (tab) => tab.close(),
    navigate: (tab) => tab.navigate(stage.server.page('/elsewhere', 'elsewhere')),
    freeze: (tab) => tab.setFrozen(true),
    crash: (tab) => tab.signal('SIGKILL'),
    stop: (tab) => tab.signal('SIGSTOP'),
  }

  function newFeed(options) {
    const feed = new Feed(options)
    return { feed, url: stage.server.endpoint(Array(100_000).fill(feed.reply)).url }
  }

  async function newTab(url, share = SHARE, init = {}) {
    const tab = await Tab.open(stage)
    await tab.start(url, share, init)
    return tab
  }

  async function closeAll(tabs) {
    for (const tab of tabs) await tab.close()
    const [first] = await stage.browser.session.getAllWindowHandles()
    await stage.browser.session.switchTo().window(first)
  }
}, everyTabAProcess)

/** Tabs of one site share a few processes in Firefox, which would stop together. */
function everyTabAProcess(usual) {
  const firefox = usual['moz:firefoxOptions']
  if (firefox === undefined) return usual
  const prefs = { 'dom.ipc.processCount': 2 * TABS, 'dom.ipc.processCount.webIsolated': 2 * TABS }
  return { ...usual, 'moz:firefoxOptions': { ...firefox, prefs } }
}

async function leaderOf(tabs) {
  for (;;) {
    for (const tab of tabs) if (await tab.role() === 'leading') return tab
  }
}

function assertWhole({ lost, doubled, errors }) {
  assert.deepEqual({ lost, doubled, errors }, { lost: 0, doubled: 0, errors: [] })
}

function distribution(list) {
  const sorted = list.toSorted((a, b) => a - b)
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]
  return `median ${at(0.5)}, 99 % ${at(0.99)}, most ${sorted.at(-1)}`
}
