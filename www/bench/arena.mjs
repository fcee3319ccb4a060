// The browser, the server and the scripts that both need: what a measurement runs in.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { Browser } from './browser.mjs'

const here = import.meta.dirname
const root = join(here, '..', '..')

/** Everybody by name: the package it comes in, and how it is to be called in tables. */
export const contestants = {
  ours: { label: 'eventsource-wasm', package: 'eventsource-wasm' },
  'ours-platform': { label: 'eventsource-wasm, platform events', package: 'eventsource-wasm' },
  native: { label: 'native EventSource' },
  eventsource: { label: 'eventsource', package: 'eventsource' },
  'event-source-polyfill': { label: 'event-source-polyfill', package: 'event-source-polyfill' },
  'fetch-event-source': { label: '@microsoft/fetch-event-source', package: '@microsoft/fetch-event-source' },
  'sse.js': { label: 'sse.js', package: 'sse.js' },
  'eventsource-client': { label: 'eventsource-client', package: 'eventsource-client' },
  'eventsource-parser': { label: 'eventsource-parser, fed by hand', package: 'eventsource-parser' },
  'fetch-event-stream': { label: 'fetch-event-stream', package: 'fetch-event-stream' },
}

/** What no client can do without: reading the bytes, and making strings of them. */
export const limits = {
  drain: { label: 'limit: read, default reader' },
  'drain-byob': { label: 'limit: read, BYOB reader' },
  'drain-decode': { label: 'limit: read and decode, default reader' },
}

export const versionOf = (name) => {
  const file = name === 'eventsource-wasm' ? join(root, 'pkg', 'package.json') : join(root, 'node_modules', name, 'package.json')
  return JSON.parse(readFileSync(file, 'utf8')).version
}

const bundle = async (file) => {
  const { outputFiles } = await build({ entryPoints: [join(here, file)], bundle: true, write: false, format: 'esm', minify: true, target: 'es2022' })
  return outputFiles[0].text
}

export class Arena {
  #server
  #address
  #browser

  static async open() {
    const arena = new Arena()
    arena.#server = fork(join(here, 'server.mjs'))
    const [{ port }] = await once(arena.#server, 'message')
    arena.#address = `http://127.0.0.1:${port}`
    const scripts = Object.keys({ ...contestants, ...limits }).map((name) => [`/contestants/${name}.js`, `contestants/${name}.mjs`])
    for (const [path, file] of [['/page.js', 'page.mjs'], ...scripts]) {
      arena.#server.send({ script: { path, text: await bundle(file) } })
    }
    arena.#browser = await Browser.open()
    return arena
  }

  /** Has the server make a workload; resolves to what must come of it. */
  async prepare(name, scale) {
    const answer = once(this.#server, 'message')
    this.#server.send({ prepare: { name, scale } })
    const [workload] = await answer
    return { name, ...workload, path: `/workload?name=${name}&scale=${scale}` }
  }

  /** Calls a function of `page.mjs` in a fresh renderer. */
  async run(contestant, name, ...args) {
    const page = await this.#browser.page(`${this.#address}/`)
    try {
      await page.evaluate(`import('/page.js').then((page) => page.prepare('${contestant}'))`)
      await page.collectGarbage()
      const before = await page.usage()
      const values = [contestant, ...args].map((value) => JSON.stringify(value)).join(', ')
      const result = await page.evaluate(`import('/page.js').then((page) => page.${name}(${values}))`)
      const after = await page.usage()
      await page.collectGarbage()
      const kept = await page.usage()
      return { result, cpu: after.cpu - before.cpu, heapGrowth: kept.heap - before.heap }
    } finally {
      await page.close()
    }
  }

  version() {
    return this.#browser.version()
  }

  async close() {
    this.#server.disconnect()
    await this.#browser?.close()
  }
}
