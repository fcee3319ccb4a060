// The environment of a measurement: the browser, the server and the scripts that both need.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { Browser } from './browser.mjs'

const here = import.meta.dirname
const root = join(here, '..', '..')

/** All contestants by name: their package, and their label in tables. */
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

/** The contestants for first-use cost. Bundlers drop the hint; an unbundled file may have it. */
export const newcomers = {
  native: contestants.native,
  'eventsource-parser': contestants['eventsource-parser'],
  eventsource: contestants.eventsource,
  ours: { label: 'eventsource-wasm, bundled' },
  'ours-file': { label: 'eventsource-wasm, its file unbundled' },
  'ours-file-hinted': { label: 'eventsource-wasm, unbundled with the hint' },
}

/** The work that no client can avoid: reading the bytes and decoding them to strings. */
export const limits = {
  drain: { label: 'limit: read, default reader' },
  'drain-byob': { label: 'limit: read, BYOB reader' },
  'drain-decode': { label: 'limit: read and decode, default reader' },
}

export const versionOf = (name) => {
  const file = name === 'eventsource-wasm' ? join(root, 'pkg', 'package.json') : join(root, 'node_modules', name, 'package.json')
  return JSON.parse(readFileSync(file, 'utf8')).version
}

const bundle = async (file, options) => {
  const { outputFiles } = await build({ entryPoints: [join(here, file)], bundle: true, write: false, format: 'esm', minify: true, target: 'es2022', ...options })
  return outputFiles[0].text
}

const hint = '//# allFunctionsCalledOnLoad\n'

/** Our file without and with the hint, whichever is published, and a contestant that imports each. */
const unbundled = async () => {
  const published = readFileSync(join(root, 'pkg', 'dist', 'index.js'), 'utf8')
  const plain = published.replace(hint, '')
  const files = { 'ours-file': plain, 'ours-file-hinted': hint + plain }
  const scripts = []
  for (const [name, text] of Object.entries(files)) {
    const path = `/files/${name}.js`
    const leaveOut = (build) => build.onResolve({ filter: /^eventsource-wasm$/ }, () => ({ path, external: true }))
    scripts.push([path, text], [`/contestants/${name}.js`, await bundle('contestants/ours.mjs', { plugins: [{ name: 'unbundled', setup: leaveOut }] })])
  }
  return scripts
}

export class Arena {
  #server
  #address
  #browser

  /** `jsFlags` are for V8. */
  static async open(jsFlags) {
    const arena = new Arena()
    arena.#server = fork(join(here, 'server.mjs'))
    const [{ port }] = await once(arena.#server, 'message')
    arena.#address = `http://127.0.0.1:${port}`
    const scripts = await unbundled()
    for (const name of ['page', ...Object.keys({ ...contestants, ...limits }).map((name) => `contestants/${name}`)]) {
      scripts.push([`/${name}.js`, await bundle(`${name}.mjs`)])
    }
    for (const [path, text] of scripts) arena.#server.send({ script: { path, text } })
    arena.#browser = await Browser.open(jsFlags === undefined ? [] : [`--js-flags=${jsFlags}`])
    return arena
  }

  /** Makes the server generate a workload; resolves to the expected result. */
  async prepare(name, scale) {
    const answer = once(this.#server, 'message')
    this.#server.send({ prepare: { name, scale } })
    const [workload] = await answer
    return { name, ...workload, path: `/workload?name=${name}&scale=${scale}` }
  }

  /** Calls a function of `page.mjs` in a fresh renderer. */
  run(contestant, name, ...args) {
    return this.#inPage(async (page, call) => {
      await call('prepare', contestant)
      await page.collectGarbage()
      const before = await page.usage()
      const result = await call(name, contestant, ...args)
      const after = await page.usage()
      await page.collectGarbage()
      const kept = await page.usage()
      return { result, cpu: after.cpu - before.cpu, heapGrowth: kept.heap - before.heap }
    })
  }

  /** Opens a page's first source. Does not collect garbage before: that can discard code compiled while loading. */
  open(contestant, roundTripMs) {
    return this.#inPage(async (page, call) => {
      const empty = await page.usage()
      await call('prepare', contestant)
      const loaded = await page.usage()
      const times = await call('firstUse', contestant, `/first?delay=${roundTripMs}`)
      const used = await page.usage()
      return { ...times, loadMs: (loaded.cpu - empty.cpu) * 1000, cpuMs: (used.cpu - loaded.cpu) * 1000 }
    })
  }

  async #inPage(work) {
    const page = await this.#browser.page(`${this.#address}/`)
    const call = (name, ...args) => {
      const values = args.map((value) => JSON.stringify(value)).join(', ')
      return page.evaluate(`import('/page.js').then((page) => page.${name}(${values}))`)
    }
    try {
      return await work(page, call)
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
