/** A source over the life of its page. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { hold } from './endpoint.mjs'
import { importMap } from './packed.mjs'
import { pageHtml } from './page.mjs'
import { onEveryEngine } from './stage.mjs'

/** Where a page with an open fetch comes back as it was. The others load it again. */
const RESTORES = ['chromium', 'webkit']

onEveryEngine('lifecycle', (stage) => {
  let storable
  before(() => {
    // The pages of the other tests are no-store, which keeps them out of the back/forward cache.
    const html = pageHtml(importMap(stage.packed.manifest, '/package/'))
    storable = stage.server.page('/storable', html, { 'cache-control': 'max-age=60' })
  })

  // Chromium's own class fires an event, the others do not.
  test('navigating away ends the connection without an event', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n'), hold()])
    await stage.reload()
    await openAndLog(stage, endpoint.url)
    // A page that holds a lock or has an unload handler cannot enter the back/forward cache.
    await stage.evaluate(() => {
      addEventListener('unload', () => {})
      void navigator.locks.request('held', () => new Promise(() => {}))
    })
    await stage.browser.goto('about:blank')
    await (await endpoint.exchange(0)).closed
    await stage.reload()
    assert.equal(await stage.evaluate(() => localStorage.log), 'open,message')
    assert.equal(endpoint.requests.length, 1)
  })

  // [spec] A network error of an aborted request fails the connection. fetch() does not say that it was aborted, and a
  // stream that breaks off must go on. Firefox's own class fails it, WebKit's says nothing and stays OPEN for ever.
  test('window.stop() is treated as a broken connection', async () => {
    const endpoint = stage.server.endpoint([hold('retry: 1\nid: 1\ndata: a\n\n'), hold('data: b\n\n')])
    await stage.reload()
    await openAndLog(stage, endpoint.url)
    await stage.evaluate(async () => {
      const resumed = new Promise((resolve) => { source.onmessage = resolve })
      stop()
      await resumed
      source.close()
    })
    assert.equal(await stage.evaluate(() => localStorage.log), 'open,message,error,open,message')
    assert.equal(endpoint.requests[1].lastEventId, '1')
  })

  test('on going back, a cached page receives again, and a reloaded one starts afresh', async () => {
    const endpoint = stage.server.endpoint([hold('retry: 1\nid: 1\ndata: a\n\n'), hold('data: b\n\n')])
    await stage.browser.goto(storable)
    await openAndLog(stage, endpoint.url)
    await stage.reload()
    await stage.browser.back()
    const isKept = await stage.evaluate(() => 'source' in globalThis)
    assert.equal(isKept, RESTORES.includes(stage.engineName))
    const exchange = await endpoint.exchange(0)
    if (!isKept) return exchange.closed
    await exchange.write('data: again\n\n')
    await stage.evaluate(() => new Promise((resolve) => {
      if (log.filter((type) => type === 'message').length > 1) resolve()
      source.addEventListener('message', resolve)
    }).then(() => true))
    await stage.evaluate(() => source.close())
  })
})

/** Opens a source, logs its events where the next page finds them, and resolves at the first message. */
function openAndLog(stage, url) {
  return stage.evaluate(async (url) => {
    const { EventSource } = await import('eventsource-wasm')
    globalThis.log = []
    const say = ({ type }) => {
      log.push(type)
      localStorage.log = log
    }
    globalThis.source = new EventSource(url)
    for (const type of ['open', 'error']) source.addEventListener(type, say)
    await new Promise((resolve) => {
      source.addEventListener('message', (event) => {
        say(event)
        resolve()
      })
    })
  }, url)
}
