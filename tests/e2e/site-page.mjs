import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, describe } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run } from '../../scripts/run.mjs'
import { listen } from '../../www/demo/server.mjs'
import { openBrowser } from './browser.mjs'
import { selected } from './engines.mjs'
import { Server } from './server.mjs'

/** On a slow machine, starting React or a service worker takes a while. */
const TIMEOUT_MS = 60_000

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const files = fileURLToPath(new URL('../../www/demo/dist/static', import.meta.url))

/** The site from its own server. Resolves to `{ url, close }`. */
export async function siteFromServer() {
  await build('site')
  return listen()
}

/** The site from a static file host. */
export async function siteFromFiles() {
  await build('static')
  await build('worker')
  const server = await Server.start()
  server.folder('/some/folder/', `${files}/`)
  return { url: `${server.origin}/some/folder/index.html`, close: () => server.close() }
}

async function build(mode) {
  const { code, output } = await run('npx', ['vite', 'build', 'www/demo', '--mode', mode], { quiet: true })
  if (code !== 0) throw new Error(output)
}

/** Declares tests of the site in every engine of this run, or in those that are named. `declare` gets the open page. */
export function describeSite(name, siteFrom, declare, engineNames = selected) {
  for (const engineName of engineNames) {
    describe(`${name} (${engineName})`, () => {
      const page = new SitePage()
      let host
      before(async () => {
        host = await siteFrom()
        await page.open(engineName, host.url)
      })
      after(async () => {
        await page.close()
        await host?.close()
      })
      declare(page)
    })
  }
}

/** The site in a browser, as its readers have it: with its content security policy and nothing of the tests. */
class SitePage {
  #browser
  #session

  async open(engineName, url) {
    this.#browser = await openBrowser(engineName)
    this.#session = this.#browser.session
    await this.#session.manage().setTimeouts({ script: TIMEOUT_MS })
    await this.#session.get(url)
  }

  close() {
    return this.#browser?.close()
  }

  /** Opens another tab beside this one and goes there. Resolves to its handle. */
  async openTab(file) {
    const url = new URL(file, await this.#session.getCurrentUrl())
    await this.#session.switchTo().newWindow('tab')
    await this.#session.get(url.href)
    return this.#session.getWindowHandle()
  }

  goTo(tab) {
    return this.#session.switchTo().window(tab)
  }

  closeTab() {
    return this.#session.close()
  }

  reload() {
    return this.#session.navigate().refresh()
  }

  /** Scrolls there: streams run while they are in view. */
  show(selector) {
    return this.call((selector) => document.querySelector(selector).scrollIntoView(), selector)
  }

  click(selector) {
    return this.call((selector) => document.querySelector(selector).click(), selector)
  }

  text(selector) {
    return this.call((selector) => document.querySelector(selector).textContent, selector)
  }

  /** One of the counters of a stream. */
  async count(stream, name) {
    return Number((await this.text(`[data-stream=${stream}] [data-part=${name}]`)).replaceAll(',', ''))
  }

  untilCount(stream, name, least) {
    return this.until((selector, least) => {
      const counter = document.querySelector(selector)
      return counter !== null && Number(counter.textContent.replaceAll(',', '')) >= least
    }, `[data-stream=${stream}] [data-part=${name}]`, least)
  }

  untilState(stream, state) {
    return this.until((selector, state) => document.querySelector(selector)?.dataset.state === state,
      `[data-stream=${stream}] [data-part=pill]`, state)
  }

  async assertNothingLost(stream) {
    const [missing, twice] = [await this.count(stream, 'missing'), await this.count(stream, 'twice')]
    assert.deepEqual({ missing, twice }, { missing: 0, twice: 0 })
  }

  /** Breaks a stream and waits until it has gone on. */
  async breakStream(stream, fault) {
    await this.show(`[data-stream=${stream}]`)
    await this.untilCount(stream, 'received', 3)
    const connections = await this.count(stream, 'connections')
    await this.click(`[data-stream=${stream}] [value=${fault}]`)
    await this.untilCount(stream, 'connections', connections + 1)
    await this.untilCount(stream, 'received', (await this.count(stream, 'received')) + 3)
    await this.assertNothingLost(stream)
  }

  /** Fills in the form of the playground. */
  fill(values) {
    return this.call((values) => {
      const { elements } = document.querySelector('[data-part=form]')
      for (const [name, value] of Object.entries(values)) {
        elements[name].value = value
        elements[name].dispatchEvent(new Event('input', { bubbles: true }))
      }
    }, values)
  }

  connect() {
    return this.click('[data-part=form] [type=submit]')
  }

  /** Waits for the figures of a board at 10 000 events a second. */
  untilFast(board) {
    return this.until((board) => {
      const figure = (name) => Number(document.querySelector(`[data-board=${board}] [data-part=${name}]`).textContent.replace(',', ''))
      return figure('events') > 1000 && figure('renders') > 0
    }, board)
  }

  /** Calls the function in the page. */
  call(script, ...args) {
    return this.#session.executeScript(`return (${script})(...arguments)`, ...args)
  }

  /** Resolves to what the function returns as soon as that is truthy. It is called after every change of the page. */
  async until(script, ...args) {
    const answer = await this.#session.executeAsyncScript(`
      const args = [...arguments], done = args.pop()
      const look = () => {
        const value = (${script})(...args)
        if (!value) return false
        observer.disconnect()
        done(value)
        return true
      }
      const observer = new MutationObserver(look)
      if (!look()) observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
    `, ...args).catch(async (error) => {
      throw new Error(`${error.message}\nwaited for ${script} with ${JSON.stringify(args)}; the page says:\n${await this.#text()}`)
    })
    return answer
  }

  /** Presses keys, one after the other, where the focus is. */
  press(...keys) {
    return this.#session.actions().sendKeys(...keys).perform()
  }

  async resize({ width, height }) {
    await this.#session.sendDevToolsCommand('Emulation.setDeviceMetricsOverride', {
      width, height, deviceScaleFactor: 1, mobile: width < 600,
    })
  }

  async prefer(colorScheme) {
    await this.#session.sendDevToolsCommand('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: colorScheme }],
    })
  }

  /** What axe finds wrong with the page as it is now. */
  async violations() {
    await this.#session.executeScript(await readFile(axe, 'utf8'))
    return this.#session.executeAsyncScript(`
      axe.run().then(({ violations }) => arguments[0](violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => id + ' at ' + target + ': ' + failureSummary))))
    `)
  }

  #text() {
    return this.call(() => document.body.innerText.slice(0, 4000))
  }
}
