import { after, afterEach, before, describe } from 'node:test'
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { openBrowser } from './browser.mjs'
import { selected } from './engines.mjs'
import { importMap, packedPackage } from './packed.mjs'
import { pageHtml } from './page.mjs'
import { Server } from './server.mjs'

/** Declares the suite once for every engine of this run. `declare` gets a stage that is set before the first test. */
export function onEveryEngine(name, declare, adapt) {
  for (const engineName of selected) {
    describe(`${name} (${engineName})`, () => {
      const stage = new Stage(engineName, adapt)
      before(() => stage.set())
      afterEach(() => stage.assertNothingUncaught())
      after(() => stage.strike())
      declare(stage)
    })
  }
}

/**
 * A browser of one engine on a page that can import the packed package, a server of the page's origin and a second
 * server of another origin.
 */
class Stage {
  #recordings = 0
  #adapt

  /** `adapt` makes the browser's capabilities of the usual ones. */
  constructor(engineName, adapt) {
    this.engineName = engineName
    this.#adapt = adapt
  }

  async set() {
    this.packed = await packedPackage()
    this.server = await this.#startServer()
    this.otherServer = await this.#startServer()
    this.browser = await openBrowser(this.engineName, this.#adapt)
    // `CORE=fallback`: the page has no WebAssembly, so all sources run on the core as JavaScript.
    const withoutWebAssembly = process.env.CORE === 'fallback' ? '<script>delete globalThis.WebAssembly</script>' : ''
    this.pageUrl = this.server.page('/page', pageHtml(importMap(this.packed.manifest, '/package/')) + withoutWebAssembly)
    await this.reload()
  }

  async strike() {
    await this.browser?.close()
    await this.server?.close()
    await this.otherServer?.close()
    await this.packed?.remove()
  }

  async reload() {
    await this.browser.goto(this.pageUrl)
  }

  evaluate(script, ...args) {
    return this.browser.evaluate(script, ...args)
  }

  async assertNothingUncaught() {
    if (!this.browser) return
    assert.deepEqual(await this.browser.takeUncaught(), [], 'exceptions that nobody caught in the page')
  }

  /**
   * Constructs a source in the page: `side` is "native" or "ours". `init` is plain data or a function of the page that
   * makes it; for `types` and `act`, a function of the page too, see trace.mjs.
   */
  async open(side, url, { init = {}, types = [], act } = {}) {
    const id = this.#recordings++
    const makeInit = typeof init === 'object' ? `() => (${JSON.stringify(init)})` : init
    await this.evaluate(async (id, side, url, makeInit, types, act) => {
      const { start } = await import('/e2e/trace.mjs')
      await start(id, side, url, (0, eval)(`(${makeInit})`)(), types, (0, eval)(`(${act})`))
    }, id, side, url, String(makeInit), types, String(act))
    return new Source(this.browser, id)
  }

  async #startServer() {
    const server = await Server.start()
    server.folder('/e2e/', fileURLToPath(new URL('.', import.meta.url)))
    server.folder('/package/', this.packed.directory)
    return server
  }
}

/** The test's end of a recording in the page. */
class Source {
  #browser
  #id

  constructor(browser, id) {
    this.#browser = browser
    this.#id = id
  }

  /** Resolves when the source has seen `count` events of the type, or of the types together. */
  async until(type, count = 1) {
    const types = [type].flat()
    try {
      await this.#call((recording, types, count) => recording.until(types, count), types, count)
    } catch (error) {
      error.message += `\nwaited for ${count} of ${types}; so far: ${JSON.stringify(await this.read(), null, 2)}`
      throw error
    }
  }

  close() {
    return this.#call((recording) => recording.close())
  }

  /** What was recorded: `{ constructed, events, closed }`. */
  read() {
    return this.#call((recording) => recording.read())
  }

  readyState() {
    return this.#call(({ source }) => source.readyState)
  }

  /** The details of our `error` events. */
  errors() {
    return this.#call((recording) => recording.errors)
  }

  /** Runs a function of the page with the source as its first argument. */
  run(script, ...args) {
    return this.#call(`(recording, ...args) => (${script})(recording.source, ...args)`, ...args)
  }

  /** Runs a function of the page with the source, and resolves to the name of what it throws. */
  nameOfThrown(script) {
    return this.#call(`({ source }) => {
      try {
        (${script})(source)
      } catch (error) {
        return error.name
      }
    }`)
  }

  #call(script, ...args) {
    return this.#browser.evaluate(async (id, source, args) => {
      const { recordingOf } = await import('/e2e/trace.mjs')
      return (0, eval)(`(${source})`)(recordingOf(id), ...args)
    }, this.#id, String(script), args)
  }
}
