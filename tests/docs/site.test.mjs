/** Accessibility of the documentation: axe at two widths and in both colour schemes, the keyboard, and the search. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Key } from 'selenium-webdriver'
import { buildDocs } from '../../scripts/docs/build.mjs'
import { listen } from '../../www/demo/server.mjs'
import { describeSite } from '../e2e/site-page.mjs'

/** VitePress's search button shows a shortcut that its accessible name does not include. */
const SEARCH_BUTTON = 'label-content-name-mismatch at .DocSearch'

async function documentation() {
  await buildDocs()
  const { url, close } = await listen()
  return { url: `${url}/docs/index.html`, close }
}

describeSite('the documentation', documentation, (page) => {
  for (const [device, width] of [['desktop', 1440], ['phone', 390]]) {
    for (const scheme of ['light', 'dark']) {
      test(`axe finds nothing: ${device}, ${scheme}`, async () => {
        await page.prefer(scheme)
        await page.resize({ width, height: 900 })
        await page.reload()
        await page.until((isDark) => document.documentElement.classList.contains('dark') === isDark, scheme === 'dark')
        assert.deepEqual((await page.violations()).filter((violation) => !violation.startsWith(SEARCH_BUTTON)), [])
        assert.ok(await page.call(() => document.documentElement.scrollWidth <= innerWidth), 'scrolls sideways')
      })
    }
  }

  test('the keyboard opens the search, which finds a page', async () => {
    await page.resize({ width: 1440, height: 900 })
    await page.reload()
    await page.until(() => document.querySelector('.VPNavBarSearch'))
    await page.press('/')
    await page.until(() => document.querySelector('#localsearch-input'))
    await page.press(...'reconnect', Key.NULL)
    await page.until(() => document.querySelector('#localsearch-list .result'))
    await page.press(Key.ENTER)
    await page.until(() => !location.pathname.endsWith('index.html'))
  })
}, ['chromium'])
