/** Tabs that follow, lead, and have a connection of their own, side by side. Prints what each costs the page's thread. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { onEveryEngine } from '../e2e/stage.mjs'
import { Feed } from './feed.mjs'
import { Tab } from './tab.mjs'

const SHARE = { key: 'a user', pingMs: 1000 }
const SECONDS = process.env.LONG ? 30 : 5

onEveryEngine('cost of sharing', (stage) => {
  if (stage.engineName !== 'chromium') return

  before(() => stage.server.folder('/share/', fileURLToPath(new URL('.', import.meta.url))))

  for (const [name, options] of [['50 small events a second', {}], ['2 MB a second in events of 200 bytes', { perTurn: 200, padding: 170 }]]) {
    test(`${name}: a tab that follows, one that leads, and one with a connection of its own lose nothing`, async (t) => {
      const feed = new Feed(options)
      const { url } = stage.server.endpoint(Array(10).fill(feed.reply))
      const tabs = { leading: SHARE, following: SHARE, own: undefined }
      const cpu = {}
      for (const [role, share] of Object.entries(tabs)) {
        tabs[role] = await Tab.open(stage)
        await tabs[role].start(url, share)
        await tabs[role].until(feed.number + 10)
        await tabs[role].findProcess()
      }
      await (await Tab.open(stage)).show()
      const start = feed.number
      for (const [role, tab] of Object.entries(tabs)) cpu[role] = -tab.cpuMs()
      await new Promise((resolve) => { setTimeout(resolve, SECONDS * 1000) })
      for (const [role, tab] of Object.entries(tabs)) cpu[role] += tab.cpuMs()
      for (const tab of Object.values(tabs)) {
        await tab.until(start)
        const { lost, doubled } = await tab.read()
        assert.deepEqual({ lost, doubled }, { lost: 0, doubled: 0 })
        await tab.close()
      }
      await stage.browser.session.switchTo().window((await stage.browser.session.getAllWindowHandles())[0])
      const perSecond = Object.entries(cpu).map(([role, ms]) => `${role} ${(ms / SECONDS).toFixed(1)}`)
      t.diagnostic(`ms of the page's thread a second: ${perSecond.join(', ')}`)
    })
  }
})
