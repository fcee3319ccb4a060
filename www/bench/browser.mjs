// Chromium over its DevTools protocol. A driver such as Playwright would enable the Network domain, which makes the
// browser's own EventSource six times slower.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { options, programs } from '../../scripts/chromium.mjs'

const start = (program, args) =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
    child.once('spawn', () => resolve(child))
    child.once('error', () => resolve(undefined))
  })

export class Browser {
  #process
  #profile
  #nextId = 1
  #calls = new Map()

  static async open(more = []) {
    const profile = mkdtempSync(join(tmpdir(), 'eventsource-wasm-bench-'))
    for (const program of programs) {
      const child = await start(program, [...options, ...more, '--remote-debugging-pipe', `--user-data-dir=${profile}`])
      if (child !== undefined) return new Browser(child, profile)
    }
    throw new Error(`The benchmark needs Chromium: none of ${programs.join(', ')} is on PATH.`)
  }

  constructor(child, profile) {
    this.#process = child
    this.#profile = profile
    let rest = ''
    child.stdio[4].setEncoding('utf8').on('data', (text) => {
      const messages = (rest + text).split('\0')
      rest = messages.pop()
      for (const message of messages) this.#receive(JSON.parse(message))
    })
    child.once('close', (code, signal) => {
      for (const { reject } of this.#calls.values()) reject(new Error(`The browser ended: ${signal ?? code}`))
    })
  }

  #receive({ id, result, error }) {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    if (error) call?.reject(new Error(error.message))
    else call?.resolve(result)
  }

  /** Calls a method of the protocol. */
  call(method, params = {}, sessionId) {
    const id = this.#nextId++
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }))
  }

  /** Opens `url` in a renderer process of its own. */
  async page(url) {
    const { browserContextId } = await this.call('Target.createBrowserContext')
    const { targetId } = await this.call('Target.createTarget', { url: 'about:blank', browserContextId })
    const { sessionId } = await this.call('Target.attachToTarget', { targetId, flatten: true })
    const page = new Page((method, params) => this.call(method, params, sessionId), () =>
      this.call('Target.disposeBrowserContext', { browserContextId }),
    )
    await page.goto(url)
    return page
  }

  async version() {
    return (await this.call('Browser.getVersion')).product
  }

  async close() {
    const closed = new Promise((resolve) => this.#process.once('close', resolve))
    // It may end before it has answered.
    this.call('Browser.close').catch(() => {})
    await closed
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

export class Page {
  #call
  close

  constructor(call, close) {
    this.#call = call
    this.close = close
  }

  async goto(url) {
    await this.#call('Page.navigate', { url })
    // The old document answers until the new one has loaded.
    while ((await this.evaluate('document.readyState + location.href')) !== `complete${url}`);
    await this.#call('Performance.enable', { timeDomain: 'threadTicks' })
  }

  /** The value of an expression, awaited. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.#call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }

  /** CPU seconds of the main thread, and bytes of its heap that are in use. */
  async usage() {
    const { metrics } = await this.#call('Performance.getMetrics')
    const metric = (name) => metrics.find((each) => each.name === name).value
    return { cpu: metric('ThreadTime'), heap: metric('JSHeapUsedSize') }
  }

  collectGarbage() {
    return this.#call('HeapProfiler.collectGarbage')
  }
}
