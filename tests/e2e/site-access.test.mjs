/** Accessibility of the site: axe at two widths and in both colour schemes, and the keyboard. In Chromium, which can emulate them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Key } from 'selenium-webdriver'
import { describeSite, siteFromServer } from './site-page.mjs'

/** High enough for all sections to be in view and running. */
const HEIGHT = 11_000

describeSite('the site for everybody', siteFromServer, (page) => {
  for (const [device, width] of [['desktop', 1440], ['phone', 390]]) {
    for (const scheme of ['light', 'dark']) {
      test(`axe finds nothing: ${device}, ${scheme}`, async () => {
        await page.prefer(scheme)
        await page.resize({ width, height: HEIGHT })
        await page.reload()
        for (const stream of ['prices', 'playground', 'chat', 'countdown']) await page.untilCount(stream, 'received', 1)
        await page.until(() => document.querySelectorAll('.stocks li').length === 16)
        await page.click('[data-stream=prices] [value=refuse]')
        await page.click('[data-stream=countdown] [value=drop]')
        await page.untilState('prices', 'closed')
        assert.deepEqual(await page.violations(), [])
        assert.equal(await page.call(() => document.documentElement.scrollWidth - innerWidth), 0, 'scrolls sideways')
      })
    }
  }

  test('every control is reached with the Tab key', async () => {
    await page.resize({ width: 1440, height: 900 })
    await page.reload()
    await page.until(() => document.querySelector('[data-board=native] [data-part=run]'))
    await page.call(() => {
      globalThis.reached = new Set()
      document.addEventListener('focusin', ({ target }) => globalThis.reached.add(target))
    })
    const controls = 'a[href], button, input:not([type=radio]), input:checked, select, textarea, summary, pre, ol.log'
    const total = await page.call((controls) => document.querySelectorAll(controls).length, controls)
    await page.press(...Array.from({ length: total + 1 }, () => Key.TAB))
    const missed = await page.call((controls) => Array.from(document.querySelectorAll(controls))
      .filter((control) => control.checkVisibility() && !globalThis.reached.has(control))
      .map((control) => control.outerHTML.slice(0, 120)), controls)
    assert.deepEqual(missed, [])
  })
}, ['chromium'])
