import assert from 'node:assert/strict'
import { openBrowser } from '../e2e/browser.mjs'
import { complete, StreamServer } from './stream-server.mjs'

const PAGE_TIMEOUT_MS = 40_000

/** What Chromium itself says of the broken connection. */
const isDrop = (message) => message.includes('/events') && message.includes('ERR_INCOMPLETE_CHUNKED_ENCODING')

/** Opens Chromium so that it keeps what is written to the console. */
export function openConsumerBrowser(...further) {
  return openBrowser('chromium', (usual) => {
    const options = usual['goog:chromeOptions']
    return {
      ...usual,
      'goog:chromeOptions': { ...options, args: [...options.args, ...further] },
      'goog:loggingPrefs': { browser: 'ALL' },
    }
  })
}

/** Opens a consumer's page. It must show all events in order and the echo, and its console only the drop. */
export async function visit(browser, url) {
  const streams = await StreamServer.start()
  const { session } = browser
  const messages = async () => {
    const entries = await session.manage().logs().get('browser')
    return entries.filter(({ level }) => level.value >= 900).map(({ message }) => message).filter((message) => !isDrop(message))
  }
  try {
    await messages()
    const { href } = Object.assign(new URL(url), { search: `?server=${streams.origin}` })
    await session.get(href)
    const shown = () => session.executeScript(() => document.querySelector('output')?.textContent)
    const isDone = async () => /hello|failed/.test(await shown())
    await session.wait(isDone, PAGE_TIMEOUT_MS).catch(() => {})
    const seen = { shown: await shown(), console: await messages(), requests: streams.requests }
    assert.deepEqual(seen, { shown: complete, console: [], requests: 2 })
  } finally {
    await session.get('about:blank')
    await streams.close()
  }
}
