/** The site from its own server, as its readers use it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeSite, siteFromServer } from './site-page.mjs'

describeSite('the site', siteFromServer, (page) => {
  for (const [stream, fault] of [['prices', 'cut'], ['prices', 'end'], ['countdown', 'drop'], ['chat', 'cut'], ['chat', 'end']]) {
    test(`${stream}, ${fault}: its numbers go on`, () => page.breakStream(stream, fault))
  }

  test('a refused request is final until the reader says so', async () => {
    await page.show('[data-stream=prices]')
    await page.untilState('prices', 'open')
    await page.click('[data-stream=prices] [value=refuse]')
    await page.untilState('prices', 'closed')
    assert.match(await page.text('[data-stream=prices] [data-part=note]'), /503/)
    await page.click('[data-stream=prices] [data-part=again]')
    await page.untilState('prices', 'open')
    await page.assertNothingLost('prices')
  })

  test('prices over POST go on where those over GET stopped', async () => {
    await page.show('[data-stream=prices]')
    const connections = await page.count('prices', 'connections')
    await page.click('[data-stream=prices] [value=POST]')
    await page.untilCount('prices', 'connections', connections + 1)
    await page.assertNothingLost('prices')
  })

  test('a GraphQL subscription goes on when its token has expired', async () => {
    await page.show('[data-stream=countdown]')
    await page.until(() => /401, again in/.test(document.querySelector('[data-stream=countdown] [data-part=log]').textContent))
    await page.untilState('countdown', 'open')
    await page.untilCount('countdown', 'received', (await page.count('countdown', 'received')) + 3)
    await page.assertNothingLost('countdown')
  })

  test('a GraphQL subscription over a single connection misses the events in between', async () => {
    await page.click('[data-stream=countdown] [value=single]')
    await page.untilCount('countdown', 'received', 3)
    await page.click('[data-stream=countdown] [value=drop]')
    await page.untilCount('countdown', 'connections', 2)
    await page.untilCount('countdown', 'received', (await page.count('countdown', 'received')) + 3)
    assert.equal(await page.count('countdown', 'twice'), 0)
    await page.click('[data-stream=countdown] [value=distinct]')
    await page.untilCount('countdown', 'received', 3)
    await page.assertNothingLost('countdown')
  })

  test('the chat ends with its last token and can start again', async () => {
    await page.show('[data-stream=chat]')
    await page.click('[data-part=questions] button:nth-child(3)')
    await page.untilState('chat', 'complete')
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1)
    assert.equal(await page.text('[data-part=answer]'), `${numbers.join(', ')}.`)
    await page.click('[data-stream=chat] [data-part=again]')
    await page.untilState('chat', 'open')
  })

  test('a chat resumes by GET; where it cannot, the answer is shown as cut off', async () => {
    const cut = '[data-part=cut]'
    const isCut = (cut) => document.querySelector(cut).checkVisibility()
    await page.click('[data-stream=chat] [value=alone]')
    await page.untilState('chat', 'open')
    await page.untilCount('chat', 'received', 3)
    assert.equal(await page.call(isCut, cut), false)
    await page.click('[data-stream=chat] [value=end]')
    await page.untilState('chat', 'closed')
    assert.equal(await page.call(isCut, cut), true)
    assert.match(await page.text('[data-stream=chat] [data-part=note]'), /before it was complete/)
    await page.click('[data-part=ask-again]')
    await page.untilState('chat', 'open')
    assert.equal(await page.call(isCut, cut), false)
    await page.click('[data-stream=chat] [value=resumed]')
    await page.breakStream('chat', 'cut')
    assert.equal(await page.call(isCut, cut), false)
  })

  test('a stream that scrolls out of view is closed, and resumed when it comes back', async () => {
    await page.show('[data-stream=prices]')
    await page.untilState('prices', 'open')
    await page.show('#boards')
    await page.untilState('prices', 'closed')
    await page.show('[data-stream=prices]')
    await page.untilState('prices', 'open')
    await page.assertNothingLost('prices')
  })

  test('each board shows its prices, one at a time', async () => {
    await page.show('#boards')
    await page.until(() => document.querySelectorAll('[data-board=react] .stocks li').length === 16)
    for (const board of ['vue', 'native', 'react']) {
      await page.click(`[data-board=${board}] [data-part=run]`)
      await page.until((board) => document.querySelectorAll(`[data-board=${board}] .stocks li`).length === 16, board)
      assert.equal(await page.call(() => document.querySelectorAll('.stocks li').length), 16, 'one board runs')
    }
  })

  test('10 000 events a second render once per frame', async () => {
    await page.show('#boards')
    await page.click('[data-part=fast]')
    await page.untilFast('react')
    await page.click('[data-board=vue] [data-part=run]')
    await page.untilFast('vue')
    for (const board of ['react', 'vue']) {
      const figure = async (name) => Number(await page.text(`[data-board=${board}] [data-part=${name}]`))
      // Where frames take long, the hooks do not wait for them longer than 100 ms.
      const [renders, frames] = [await figure('renders'), await figure('frames')]
      assert.ok(renders <= frames + 11, `${board} renders ${renders} times for ${frames} frames`)
    }
  })
})
