import { after, afterEach, before, describe } from 'node:test'
import assert from 'node:assert/strict'
import { openBrowser } from '../e2e/browser.mjs'
import { selected } from '../e2e/engines.mjs'
import { pageHtml } from '../e2e/page.mjs'
import { Server } from '../e2e/server.mjs'
import { bundle, names } from './frameworks.mjs'

/** All suites of a file use one server and one browser of each engine, one after the other. */
const started = { server: undefined, browsers: new Map() }

const startServer = () => (started.server ??= Server.start())
const startBrowser = (engineName) => {
  if (!started.browsers.has(engineName)) started.browsers.set(engineName, openBrowser(engineName))
  return started.browsers.get(engineName)
}
after(async () => {
  for (const browser of started.browsers.values()) await (await browser).close()
  await (await started.server)?.close()
})

/** Declares the suite for every framework whose name matches, in every engine of this run. Without a pattern: those of the hooks' own. */
export function onEveryFramework(name, declare, pattern = /^(React|Vue) \d/) {
  for (const engineName of selected) {
    for (const framework of names.filter((candidate) => pattern.test(candidate))) {
      describe(`${name} (${framework}, ${engineName})`, () => {
        const stage = new Stage(engineName, framework)
        before(() => stage.set())
        afterEach(() => stage.reset())
        after(() => stage.strike())
        declare(stage)
      })
    }
  }
}

/** A browser on a page with one framework and the hooks, and a server of the page's origin. */
class Stage {
  #probes = 0

  constructor(engineName, framework) {
    this.engineName = engineName
    this.framework = framework
  }

  async set() {
    this.bundle = await bundle(this.framework)
    this.server = await startServer()
    this.browser = await startBrowser(this.engineName)
    const path = `/${encodeURIComponent(this.framework)}/`
    this.server.folder(path, this.bundle.directory)
    this.pageUrl = this.server.page(`${path}page`, pageHtml({ page: `${path}page.js` }))
    await this.browser.goto(this.pageUrl)
  }

  async strike() {
    await this.bundle?.remove()
  }

  /** Uncaught errors fail the test, and the next test gets a fresh page. */
  async reset() {
    const uncaught = await this.browser.takeUncaught()
    await this.browser.goto(this.pageUrl)
    assert.deepEqual(uncaught, [], 'exceptions that nobody caught in the page')
  }

  /** Calls a function in the page. The page's module is `await import('page')`, the framework's file in `pages`. */
  evaluate(script, ...args) {
    return this.browser.evaluate(script, ...args)
  }

  /** Mounts a component that uses the hook. `options` is a function for the page, called for every render. */
  mount(url, options, hook = 'useEventSource') {
    return this.#start('mount', { url, options: options && String(options), hook })
  }

  /** Mounts by another function of the page than `mount`. */
  mountBy(how, url, options, ...parameters) {
    return this.#start(how, { url, options: options && String(options) }, ...parameters)
  }

  /** Hydrates what the bundle's server has rendered for the same settings. */
  hydrate(settings, html) {
    return this.#start('hydrate', settings, html)
  }

  async #start(how, ...parameters) {
    const id = this.#probes++
    await this.evaluate(async (id, how, parameters) => {
      const page = await import('page')
      const mounted = page[how](...parameters)
      globalThis.mounted ??= new Map()
      globalThis.mounted.set(id, mounted)
      await mounted.probe?.until('() => true')
    }, id, how, parameters)
    return new Mounted(this, id)
  }
}

/** The test's end of a mounted component. */
class Mounted {
  #stage
  #id

  constructor(stage, id) {
    this.#stage = stage
    this.#id = id
  }

  /** Renders the component again, with another URL or other options if they are given. */
  render({ url, options } = {}) {
    return this.act(({ probe, render }, settings) => {
      probe.configure(settings)
      render()
    }, { url, options: options && String(options) })
  }

  /** Resolves to the first rendered result that satisfies the predicate. */
  async until(predicate) {
    try {
      return await this.act(async ({ probe }, predicate) => {
        await probe.until(predicate)
        return probe.read()
      }, String(predicate))
    } catch (error) {
      error.message += `\nwaited for ${predicate}; last rendered: ${JSON.stringify(await this.read(), null, 2)}`
      throw error
    }
  }

  /** What was rendered last. */
  read() {
    return this.act(({ probe }) => probe.read())
  }

  /** Calls one of the functions that the hook has returned. */
  call(name, ...args) {
    return this.act(({ probe }, name, args) => { probe.result[name](...args) }, name, args)
  }

  /** Replaces the component by a new one. */
  remount() {
    return this.act(({ remount }) => remount())
  }

  unmount() {
    return this.act(({ unmount }) => unmount())
  }

  /** What the framework complained of while it hydrated. */
  complaints() {
    return this.act(({ complaints }) => complaints)
  }

  /** Calls a function in the page with what mounting has returned there. */
  act(script, ...args) {
    return this.#stage.evaluate(
      (id, script, args) => (0, eval)(`(${script})`)(globalThis.mounted.get(id), ...args),
      this.#id, String(script), args,
    )
  }
}
