import { readFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { privateBytes } from '../faults/process-memory.mjs'
import { processTree } from '../sleep/process-tree.mjs'

const BUSY_MS = 150

/** A tab of the stage's browser, among others. */
export class Tab {
  #stage
  #handle
  #process

  static async open(stage) {
    const { session } = stage.browser
    await session.switchTo().newWindow('tab')
    const tab = new Tab()
    tab.#stage = stage
    tab.#handle = await session.getWindowHandle()
    await session.get(stage.pageUrl)
    return tab
  }

  async show() {
    await this.#stage.browser.session.switchTo().window(this.#handle)
  }

  async evaluate(script, ...args) {
    await this.show()
    return this.#stage.evaluate(script, ...args)
  }

  start(url, share, init) {
    return this.evaluate(async (...args) => (await import('/share/follow.mjs')).start(...args), url, share, init)
  }

  read() {
    return this.evaluate(async () => (await import('/share/follow.mjs')).read())
  }

  role() {
    return this.evaluate(async () => (await import('/share/follow.mjs')).role())
  }

  until(number) {
    return this.evaluate(async (number) => (await import('/share/follow.mjs')).until(number), number)
  }

  async close() {
    await this.show()
    await this.#stage.browser.session.close()
  }

  async navigate(url) {
    await this.show()
    await this.#stage.browser.session.get(url)
  }

  async back() {
    await this.show()
    await this.#stage.browser.session.navigate().back()
  }

  async setFrozen(isFrozen) {
    await this.show()
    await this.#stage.browser.session.sendDevToolsCommand('Page.setWebLifecycleState', { state: isFrozen ? 'frozen' : 'active' })
  }

  /** Sends a signal to the process of the page. The driver must not look at a page that is gone: show another first. */
  signal(name) {
    process.kill(this.#process, name)
  }

  /** What the thread of the page has used, once it is known which process that is. */
  cpuMs() {
    return cpuMs(this.#process)
  }

  /** Bytes that the browser's main process keeps to itself. */
  async browserMemory() {
    const capabilities = await this.#stage.browser.session.getCapabilities()
    return privateBytes(capabilities.get('goog:processID'))
  }

  /** Which process that is shows when the page has something to do. */
  async findProcess() {
    const capabilities = await this.#stage.browser.session.getCapabilities()
    const browser = capabilities.get('goog:processID') ?? capabilities.get('moz:processID')
    while (this.#process === undefined) {
      const before = new Map(renderers(browser).map((id) => [id, cpuMs(id)]))
      await this.evaluate((ms) => { for (const end = performance.now() + ms; performance.now() < end;); }, BUSY_MS)
      const used = Array.from(before, ([id, ms]) => ({ id, ms: cpuMs(id) - ms })).sort((a, b) => b.ms - a.ms)
      if (used[0].ms > BUSY_MS / 4 && used[0].ms > 2 * (used[1]?.ms ?? 0)) this.#process = used[0].id
      else await after(BUSY_MS)
    }
  }
}

function renderers(browser) {
  return processTree(browser).filter((id) => {
    try {
      return /--type=renderer|\btab\0*$/.test(readFileSync(`/proc/${id}/cmdline`, 'utf8'))
    } catch {
      return false
    }
  })
}

function cpuMs(id) {
  try {
    return Number(readFileSync(`/proc/${id}/task/${id}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  } catch {
    return 0
  }
}
