/** The playground of the site: any request, any policy, and what is drawn of its connection. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeSite, siteFromServer } from './site-page.mjs'

describeSite('the playground', siteFromServer, (page) => {
  test('it sends what was filled in and draws what happens', async () => {
    await page.show('[data-stream=playground] .instruments')
    await page.fill({
      method: 'PUT', url: 'echo?rate=50', headers: 'x-playground: a b', body: 'ping', types: 'request, message', last: '',
    })
    await page.connect()
    const seen = await page.until(() => Array.from(document.querySelectorAll('[data-stream=playground] .log li'))
      .find((row) => row.querySelector('.type').textContent === 'request')?.querySelector('.detail').textContent)
    const { method, headers, body } = JSON.parse(seen)
    assert.deepEqual({ method, body, header: headers['x-playground'] }, { method: 'PUT', body: 'ping', header: 'a b' })

    await page.untilCount('playground', 'received', 20)
    assert.match(await page.text('[data-part=trace]'), /\[playground \d+\] PUT http:.*\/echo\?… \(attempt 0, open\)/)
    await page.click('[data-stream=playground] [value=cut]')
    await page.until(() => {
      const phases = Array.from(document.querySelectorAll('.timeline .phase'), ({ dataset }) => dataset.state)
      return /open,waiting,(connecting,)?open$/.test(phases.join())
    })
    assert.equal(await page.text('.phase:last-child'), 'resumed')
    assert.match(await page.text('[data-part=trace] .error'), /network: .*; reconnecting in \d+ ms/)
    assert.match(await page.text('.density + .marks'), /^after \d+$/)
    await page.until(() => Number(document.querySelector('[data-part=rate]').textContent) > 10)
    await page.until(() => /\d ms/.test(document.querySelector('[data-part=latency]').textContent))
    await page.assertNothingLost('playground')
    assert.match(await page.text('[data-part=code]'), /method: 'PUT'[^]*'x-playground': 'a b'[^]*body: 'ping'/)
  })

  test('it reconnects by its policy: after a stall, after 429 with Retry-After, after a clean end', async () => {
    await page.show('[data-stream=playground] .instruments')
    await page.fill({ example: 'echo' })
    await page.fill({ url: 'echo?rate=50', maxBackoffMs: '500', idleMs: '500' })
    await page.connect()
    for (const [fault, cause] of [['stall', 'timeout'], ['busy', '429'], ['end', 'ended']]) {
      await page.breakStream('playground', fault)
      await page.until((cause) => document.querySelector('.lane + .marks').textContent.includes(cause), cause)
    }
    assert.match(await page.text('[data-part=code]'), /reconnect: \{\n    replay: 'always',\n    maxBackoffMs: 500,/)
  })

  test('it reports invalid requests', async () => {
    await page.show('[data-stream=playground]')
    await page.fill({ method: 'GET', url: 'echo', headers: 'no header', body: '' })
    await page.connect()
    await page.untilState('playground', 'closed')
    assert.match(await page.text('[data-stream=playground] [data-part=note]'), /“no header” is not a header/)
  })

  test('it keeps up with thousands of events a second', async () => {
    await page.show('[data-stream=playground] .instruments')
    await page.fill({ example: 'burst' })
    await page.connect()
    await page.until(() => Number(document.querySelector('[data-part=rate]').textContent.replace(',', '')) > 1000)
    await page.assertNothingLost('playground')
    assert.ok(await page.call(() => document.querySelectorAll('[data-stream=playground] [data-part=log] li').length) <= 100)
    await page.click('[data-stream=playground] [data-part=again]')
    await page.untilState('playground', 'closed')
  })
})
