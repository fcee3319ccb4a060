// Every example starts by the command that a reader is told, shows events, and goes on after its connections were cut.
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { By, until } from 'selenium-webdriver'
import { feed } from '../../examples/feed.mjs'
import { root, run } from '../../scripts/run.mjs'
import { openBrowser } from '../e2e/browser.mjs'
import { cuttableProxy } from '../faults/cuttable-proxy.mjs'
import { started } from './started.mjs'

/** Compilers of frameworks, which start from nothing here. */
const PATIENCE_MS = 600_000
const SOON_MS = 20_000

/** Each has one `output` that says how many events it got. */
const pages = [
  { name: 'html' }, { name: 'react' }, { name: 'vue' }, { name: 'next', path: '/feed' },
  { name: 'graphql', path: '/graphql', method: 'POST' }, { name: 'leptos' }, { name: 'yew' },
]

/** What the Node example keeps between runs. */
const lastEventId = new URL('../../examples/node/last-event-id.txt', import.meta.url)

let browser

before(async () => {
  browser = await openBrowser('chromium')
})
after(() => browser.close())

/** The browser's console errors, except those of the cut connections. */
const complaints = async () => {
  const entries = await browser.session.manage().logs().get('browser')
  return entries.map(({ message }) => message).filter((message) => !/net::ERR_/.test(message))
}

describe('examples that show prices', () => {
  for (const { name, path = '/prices', method = 'GET' } of pages) {
    test(name, { timeout: PATIENCE_MS }, async () => {
      const example = await started(name)
      const proxy = await cuttableProxy(example.port, `${method} ${path}`)
      const received = async () => Number(await browser.session.findElement(By.css('output')).getText())
      const atLeast = (count) => browser.session.wait(async () => (await received()) >= count, SOON_MS, `${name}: ${count} events`)
      try {
        await browser.goto(proxy.url)
        await browser.session.wait(until.elementLocated(By.css('output')), SOON_MS)
        await atLeast(2)
        assert.equal(proxy.cut(), 1)
        await atLeast((await received()) + 3)
        assert.deepEqual(await complaints(), [])
      } finally {
        await browser.goto('about:blank')
        proxy.close()
        await example.stop()
      }
    })
  }
})

test('chat: a reply word by word', { timeout: PATIENCE_MS }, async () => {
  const example = await started('chat')
  try {
    await browser.goto(`http://localhost:${example.port}`)
    const { session } = browser
    await session.wait(until.elementLocated(By.css('input')), SOON_MS)
    await session.findElement(By.css('input')).sendKeys('What is new?')
    await session.findElement(By.css('form button')).click()
    const reply = await session.wait(until.elementLocated(By.css('output')), SOON_MS)
    await session.wait(until.elementTextContains(reply, 'word by word.'), SOON_MS)
    assert.equal(await reply.getText(), 'You said "What is new?". This is a reply that comes word by word.')
    assert.deepEqual(await complaints(), [])
  } finally {
    await example.stop()
  }
})

describe('examples build for production, types checked', () => {
  for (const name of ['react', 'vue', 'chat', 'graphql', 'next']) {
    test(name, { timeout: PATIENCE_MS }, async () => {
      // Installed by the test that has started it.
      const { code, output } = await run('npm', ['run', 'build'], { quiet: true, cwd: join(root, 'examples', name) })
      assert.equal(code, 0, output)
    })
  }
})

test('node: resumes after the last event that it handled, even if it was stopped in between', { timeout: PATIENCE_MS }, async () => {
  await rm(lastEventId, { force: true })
  const server = createServer(feed).listen(0)
  const proxy = await cuttableProxy(server.address().port, 'GET /prices')
  const ids = []
  /** Follows the feed through a cut. */
  const follow = async () => {
    const example = await started('node', { FEED: `${proxy.url}/prices` })
    await example.says(/^\d+: ACME/, 2)
    assert.equal(proxy.cut(), 1)
    await example.says(/^\d+: ACME/, 6)
    await example.stop()
    for (const line of example.said) if (/^\d+: ACME/.test(line)) ids.push(Number.parseInt(line, 10))
  }
  try {
    await follow()
    await follow()
    // The one that was being dealt with when it was stopped may come again.
    const once = [...new Set(ids)]
    assert.ok(ids.length - once.length <= 1)
    assert.deepEqual(once, await sentSince(ids[0], once.length, `http://localhost:${server.address().port}/prices`))
  } finally {
    proxy.close()
    server.closeAllConnections()
    server.close()
    await rm(lastEventId, { force: true })
  }
})

/** The IDs of `count` events from `first` on, as the server says them. */
async function sentSince(first, count, url) {
  const { body } = await fetch(url, { headers: { 'last-event-id': String(first - 1) } })
  let text = ''
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part
    const ids = [...text.matchAll(/^id: (\d+)\n.*\n.*\n\n/gm)].map(([, id]) => Number(id))
    if (ids.length >= count) return ids.slice(0, count)
  }
}
