/** The page of the site to open in several tabs. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeSite, siteFromFiles, siteFromServer } from './site-page.mjs'

for (const [name, siteFrom, engineNames] of [
  ['tabs of the site', siteFromServer, ['chromium', 'firefox']],
  ['tabs of the site from files', siteFromFiles, ['chromium']],
]) {
  describeSite(name, siteFrom, (page) => {
    const tabs = []

    test('three tabs have one connection', async () => {
      for (let n = 0; n < 3; n++) {
        tabs.push(await page.openTab('tabs.html'))
        await page.until(() => Number(document.querySelector('[data-part=received]').textContent) > 2)
      }
      assert.deepEqual(await roles(), ['following', 'following', 'leading'])
      for (const tab of tabs) await assertOneConnection(tab)
      await page.until(() => document.querySelectorAll('[data-part=tabs] tr').length === 3)
    })

    test('axe finds nothing wrong with the page', async () => assert.deepEqual(await page.violations(), []))

    test('the tab that leads is reloaded, and another one takes over', async () => {
      await page.goTo(tabs[1])
      const requests = await figure('requests')
      await page.click('[data-order=reload]')
      await page.until((requests) => Number(document.querySelector('[data-part=requests]').textContent) > requests, requests)
      for (const tab of tabs) await assertOneConnection(tab)
      assert.deepEqual(await roles(), ['following', 'following', 'leading'])
    })

    test('the tab that leads is closed, and another one takes over', async () => {
      const leader = await find('leading')
      tabs.splice(tabs.indexOf(leader), 1)
      await page.goTo(leader)
      await page.closeTab()
      await page.goTo(tabs[0])
      await page.until(() => document.querySelectorAll('[data-part=tabs] tr').length === 2)
      for (const tab of tabs) await assertOneConnection(tab)
      assert.deepEqual(await roles(), ['following', 'leading'])
    })

    test('a tab can have a connection of its own', async () => {
      await page.goTo(await find('following'))
      await page.click('[name=connection][value=own]')
      await page.until(() => document.querySelector('[data-part=open]').textContent === '2')
      assert.deepEqual([await figure('missing'), await figure('twice')], [0, 0])
    })

    async function roles() {
      const all = []
      for (const tab of tabs) {
        await page.goTo(tab)
        all.push(await role())
      }
      return all.sort()
    }

    async function find(wanted) {
      for (const tab of tabs) {
        await page.goTo(tab)
        if (await role() === wanted) return tab
      }
      throw new Error(`nobody is ${wanted}`)
    }

    const role = () => page.until(() => /leading|following|own/.exec(document.querySelector('[data-part=pill]').dataset.role)?.[0])

    const figure = async (name) => Number((await page.text(`[data-part=${name}]`)).replaceAll(',', ''))

    async function assertOneConnection(tab) {
      await page.goTo(tab)
      await page.until(() => document.querySelector('[data-part=open]').textContent === '1')
      assert.deepEqual([await figure('missing'), await figure('twice')], [0, 0])
    }
  }, engineNames)
}
