/** The site from a static file host: a service worker plays the server, so all of it works. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeSite, siteFromFiles } from './site-page.mjs'

describeSite('the site from files', siteFromFiles, (page) => {
  for (const [stream, fault] of [['prices', 'cut'], ['countdown', 'drop'], ['playground', 'cut'], ['chat', 'drop']]) {
    test(`${stream}, ${fault}: its numbers go on`, () => page.breakStream(stream, fault))
  }

  test('it says who plays the server', async () => {
    assert.match(await page.text('[data-part=host]'), /service worker/)
    assert.match(await page.call(() => navigator.serviceWorker.controller.scriptURL), /\/some\/folder\/browser-server\.js$/)
  })

  test('a refused request is final', async () => {
    await page.show('[data-stream=prices]')
    await page.untilState('prices', 'open')
    await page.click('[data-stream=prices] [value=refuse]')
    await page.untilState('prices', 'closed')
    assert.match(await page.text('[data-stream=prices] [data-part=note]'), /503/)
  })

  for (const board of ['react', 'vue', 'native']) {
    test(`the board ${board} gets thousands of events a second`, async () => {
      await page.show('#boards')
      await page.call(() => document.querySelector('[data-part=fast]:not(:checked)')?.click())
      await page.call((board) => {
        const button = document.querySelector(`[data-board=${board}] [data-part=run]`)
        if (button.textContent === 'Run') button.click()
      }, board)
      await page.untilFast(board)
    })
  }
})
