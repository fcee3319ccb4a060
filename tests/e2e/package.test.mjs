/** The package as it would be published: its content, what its entry points do, and that importing them does nothing. */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as esbuild from 'esbuild'
import { hold } from './endpoint.mjs'
import { importMap } from './packed.mjs'
import { pageHtml } from './page.mjs'
import { onEveryEngine } from './stage.mjs'

const classAndInit = ['ErrorEvent', 'EventSource', 'EventSourceErrorEvent', 'init']
const hooks = ['DecodeError', 'InitError', 'openConnections', 'useEventSource', 'useEventStream']
// What is missing is missing in Node, whose own class has to be asked for.
const polyfill = { exports: ['EventSource', 'install'], fills: ['EventSource'] }

/** By its path behind `eventsource-wasm`: the exports of each entry point, what it fills in, and the packages it needs. */
const entries = {
  '': { exports: classAndInit },
  '/slim': { exports: classAndInit },
  '/polyfill': polyfill,
  '/slim/polyfill': polyfill,
  '/react': { exports: ['EventSourceDefaults', ...hooks], needs: 'react' },
  '/slim/react': { exports: ['EventSourceDefaults', ...hooks], needs: 'react' },
  '/vue': { exports: ['eventSourceDefaults', ...hooks], needs: 'vue' },
  '/slim/vue': { exports: ['eventSourceDefaults', ...hooks], needs: 'vue' },
  '/svelte': { exports: hooks, needs: 'svelte' },
  '/slim/svelte': { exports: hooks, needs: 'svelte' },
  '/solid': { exports: hooks, needs: 'solid-js' },
  '/slim/solid': { exports: hooks, needs: 'solid-js' },
  '/angular': { exports: ['DecodeError', 'InitError', 'injectEventSource', 'injectEventStream', 'openConnections'], needs: '@angular/core' },
  '/slim/angular': { exports: ['DecodeError', 'InitError', 'injectEventSource', 'injectEventStream', 'openConnections'], needs: '@angular/core' },
  '/store': {
    exports: [
      'DecodeError', 'EventStore', 'InitError', 'StreamStore', 'configure', 'defined', 'fieldsOf', 'openConnections', 'reader', 'requestOf',
      'shownOf', 'sourceActions', 'streamActions', 'streamDefaults', 'suspend', 'warn',
    ],
  },
  '/session-store': { exports: ['sessionStore'] },
  '/decode': { exports: ['DecodeError', 'base64', 'base64url', 'decode', 'decoded'] },
  '/fallback': { exports: ['instantiate'] },
  '/fetch': { exports: ['eventStreamFetch'] },
  '/slim/fetch': { exports: ['eventStreamFetch'] },
  '/graphql': { exports: ['GraphQLStreamError', 'createClient', 'forwardSubscription', 'relaySubscribe'] },
  '/slim/graphql': { exports: ['GraphQLStreamError', 'createClient', 'forwardSubscription', 'relaySubscribe'] },
  '/share': { exports: ['sharedFetch'] },
  '/trace': { exports: ['consoleTrace', 'performanceTrace'] },
}

/** Globals that an import must not need: jsdom and others lack them. */
const dispensable = ['TextDecoder', 'TextEncoder', 'MessageChannel', 'ReadableStream', 'Response', 'Request', 'fetch', 'MessageEvent']

/** What `init` of the slim entry takes, as functions of the page. */
const moduleSources = [
  { name: 'a URL', make: (url) => url },
  { name: 'a URL object', make: (url) => new URL(url) },
  { name: 'a response', make: (url) => fetch(url) },
  { name: 'bytes', make: async (url) => (await fetch(url)).arrayBuffer() },
  { name: 'a typed array', make: async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer()) },
  { name: 'a module', make: (url) => WebAssembly.compileStreaming(fetch(url)) },
]

onEveryEngine('package', (stage) => {
  // The frameworks that some entry points are for.
  before(async () => {
    for (const name of ['react', 'vue', 'svelte', 'solid-js', '@angular']) {
      await symlink(fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url)), join(stage.packed.project, 'node_modules', name))
    }
  })

  const wasmUrl = () => stage.server.origin + importMap(stage.packed.manifest, '/package/')['eventsource-wasm/eventsource.wasm']

  test('it holds what its exports and folders name, and no sources', async () => {
    const { directory, files, manifest } = stage.packed
    const named = [manifest.exports, manifest.main, manifest.types, manifest.unpkg, manifest.jsdelivr].flatMap(targetsIn)
    for (const file of files.filter((name) => /[/]package\.json$/.test(name))) {
      const { main, types } = JSON.parse(await readFile(join(directory, file), 'utf8'))
      named.push(...[main, types].map((target) => `./${join(dirname(file), target)}`))
    }
    assert.deepEqual(named.filter((target) => !files.includes(target.slice(2))), [])
    const dist = /^dist\/([\w-]+\/)?[\w-]+(\.d\.c?ts|\.c?js|\.c?js\.map|\.wasm)$/
    const beside = /^(package\.json|README\.md|LICENSE-\w+|THIRD-PARTY-NOTICES\.md|docs\/[\w-]+\.md)$/
    const folders = Object.keys(manifest.exports).filter((name) => !/^\.(\/package\.json)?$/.test(name)).map((name) => `${name.slice(2)}/package.json`)
    assert.deepEqual(files.filter((file) => !dist.test(file) && !beside.test(file)), folders.sort())
    for (const file of ['README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'THIRD-PARTY-NOTICES.md']) assert.ok(files.includes(file), file)
  })

  test('it has no dependencies or install scripts, and side effects only where it fills something in', () => {
    const { type, sideEffects, dependencies, scripts } = stage.packed.manifest
    assert.deepEqual({ type, dependencies, scripts }, { type: 'module', dependencies: undefined, scripts: undefined })
    const filling = stage.packed.files.filter((file) => /\/(polyfill|classic)\.c?js$/.test(file))
    assert.deepEqual(sideEffects.toSorted(), filling.map((file) => `./${file}`).sort())
  })

  test('a source map names files below the package, with what is in them', async () => {
    const { directory, files } = stage.packed
    for (const file of files.filter((name) => name.endsWith('.map'))) {
      const { sources, sourcesContent } = JSON.parse(await readFile(join(directory, file), 'utf8'))
      assert.deepEqual(sources.filter((source) => !/^src\/[\w/-]+\.(ts|js)$|^src\/generated\//.test(join(dirname(file), source))), [], file)
      assert.equal(sourcesContent.length, sources.length, file)
      assert.ok(sources.every((source, index) => sourcesContent[index] !== '' || /\/generated\//.test(source)), file)
    }
  })

  test('the slim entry has no wasm in it', async () => {
    const size = async (name) => (await stat(join(stage.packed.directory, 'dist', name))).size
    assert.ok(await size('slim.js') < 1000)
    assert.ok(await size('index.js') > 2 * await size('eventsource.wasm'))
  })

  test('every entry point is in the table of these tests', () => {
    const { name, exports } = stage.packed.manifest
    const scripts = Object.keys(exports).filter((path) => !/\.(wasm|json)$/.test(path)).map((path) => path.slice(1))
    assert.deepEqual(Object.keys(entries).sort(), scripts.sort(), name)
  })

  for (const [path, { exports, fills = [], needs }] of Object.entries(entries)) {
    const specifier = `eventsource-wasm${path}`
    const added = fills.filter((name) => !(name in globalThis))
    const what = added.length === 0 ? 'nothing' : `no more than to add ${added}`
    const expected = exports.toSorted()

    if (needs === undefined) {
      test(`importing ${specifier} in a page does nothing`, async () => {
        await stage.reload()
        const report = await stage.evaluate(async (specifier) => {
          const { probeImport } = await import('/e2e/import-probe.mjs')
          return probeImport(specifier)
        }, specifier)
        assert.deepEqual(report, { exports: expected, touched: [], added: [] })
      })
    }

    for (const [kind, condition] of [['ES module', undefined], ['CommonJS', 'require']]) {
      test(`importing ${specifier} in node, as ${kind}, does ${what}, and needs nothing of the platform`, async () => {
        const report = await probeInNode(stage.packed, path, { condition, needs })
        assert.deepEqual(report, { exports: expected, touched: [], added })
      })
    }

    if (fills.length > 0) continue
    test(`a bundle of a module that imports ${specifier} and does not use it is empty`, async () => {
      const { text } = await bundle(stage.packed, `import { ${exports[0]} } from '${specifier}'`)
      assert.equal(text.trim(), '')
    })
  }

  for (const { name, code, absent, options } of [
    { name: 'the class, asked for in both ways', code: `export { EventSource } from 'eventsource-wasm'; export const again = require('eventsource-wasm')`, absent: /\.cjs$/ },
    { name: '/react beside /slim', code: `export * from 'eventsource-wasm/react'; export { init } from 'eventsource-wasm/slim'`, absent: /dist\/slim\/|\.cjs$/ },
    { name: '/slim/react beside /slim', code: `export * from 'eventsource-wasm/slim/react'; export { init } from 'eventsource-wasm/slim'`, absent: /index\.js$|\.cjs$|dist\/react/ },
    {
      name: 'everything for workerd',
      code: `export * from 'eventsource-wasm/react'; export * from 'eventsource-wasm/polyfill'; export { init } from 'eventsource-wasm/slim'`,
      absent: /\.cjs$|dist\/(index|slim|react|polyfill)\.js$/,
      options: { conditions: ['workerd', 'module'] },
    },
  ]) {
    test(`a bundle has one class: ${name}`, async () => {
      const { inputs } = await bundle(stage.packed, code, options)
      const names = Object.keys(inputs)
      assert.equal(names.filter((file) => /\/class\.c?js$/.test(file)).length, 1, `${names}`)
      assert.deepEqual(names.filter((file) => absent.test(file)), [])
    })
  }

  test('in Node, require() and import give one class', async () => {
    const same = await inNode(stage.packed, `
      import { createRequire } from 'node:module'
      const require = createRequire(import.meta.url)
      const paths = ['', '/slim', '/polyfill', '/slim/polyfill']
      const all = [...paths.map((path) => require('eventsource-wasm' + path)), ...await Promise.all(paths.map((path) => import('eventsource-wasm' + path)))]
      const { DecodeError } = require('eventsource-wasm/decode')
      console.log(JSON.stringify([new Set(all.map(({ EventSource }) => EventSource)).size, (await import('eventsource-wasm/react')).DecodeError === DecodeError]))`)
    assert.deepEqual(same, [1, true])
  })

  test('without require() of ES modules, CommonJS has one class, which works', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n'), hold('data: a\n\n')])
    const seen = await inNode(stage.packed, `
      import { createRequire } from 'node:module'
      const require = createRequire(import.meta.url)
      const file = (name) => require('./node_modules/eventsource-wasm/dist/' + name + '.cjs')
      const { EventSource } = file('index')
      const same = ['slim', 'polyfill', 'slim/polyfill'].every((name) => file(name).EventSource === EventSource)
      const sameError = ['react', 'vue', 'slim/react', 'store'].every((name) => file(name).DecodeError === file('decode').DecodeError)
      const seen = []
      const source = new EventSource('${endpoint.url}')
      await new Promise((resolve) => { source.onmessage = ({ data }) => { seen.push(data); resolve() } })
      source.close()
      console.log(JSON.stringify({ same, sameError, seen }))`)
    assert.deepEqual(seen, { same: true, sameError: true, seen: ['a'] })
  })

  test('CommonJS: the slim entry finds the module beside it', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const data = await inNode(stage.packed, `
      import { createRequire } from 'node:module'
      const { EventSource } = createRequire(import.meta.url)('./node_modules/eventsource-wasm/dist/slim.cjs')
      const source = new EventSource('${endpoint.url}')
      source.onmessage = ({ data }) => { source.close(); console.log(JSON.stringify(data)) }`)
    assert.equal(data, 'a')
  })

  test('a classic script makes one global, and works', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const script = `/package/${stage.packed.manifest.unpkg}`
    const page = stage.server.page('/classic', `<!doctype html><script>const before = new Set(Object.keys(globalThis))</script>
      <script src="${script}"></script><script>
      const added = Object.keys(globalThis).filter((name) => !before.has(name))
      globalThis.run = async () => {
        const source = new EventSourceWasm.EventSource('${endpoint.url}')
        const { data } = await new Promise((resolve) => { source.onmessage = resolve })
        source.close()
        return { added, exports: Object.keys(EventSourceWasm).sort(), data }
      }</script>`)
    try {
      await stage.browser.goto(page)
      assert.deepEqual(await stage.evaluate(() => {}), { added: ['EventSourceWasm'], exports: classAndInit, data: 'a' })
    } finally {
      await stage.reload()
    }
  })

  test('it works in a bundle', async () => {
    const { text: output } = await bundle(stage.packed, `export { EventSource } from 'eventsource-wasm'`)
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const data = await stage.evaluate(async (output, url) => {
      const bundled = URL.createObjectURL(new Blob([output], { type: 'text/javascript' }))
      const { EventSource } = await import(bundled)
      const source = new EventSource(url)
      const { data } = await new Promise((resolve) => { source.onmessage = resolve })
      source.close()
      return data
    }, output, endpoint.url)
    assert.equal(data, 'a')
  })

  test('all sources of a page share one WebAssembly instance', async () => {
    await stage.reload()
    const endpoint = stage.server.endpoint([hold(), hold(), hold()])
    const compiled = await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      const { Module, Instance } = WebAssembly
      const made = []
      WebAssembly.Module = class extends Module { constructor(...all) { super(...all); made.push('module') } }
      WebAssembly.Instance = class extends Instance { constructor(...all) { super(...all); made.push('instance') } }
      for (let count = 0; count < 3; count += 1) {
        const source = new EventSource(url)
        await new Promise((resolve) => { source.onopen = resolve })
        source.close()
      }
      return made
    }, endpoint.url)
    assert.deepEqual(compiled, ['module', 'instance'])
  })

  for (const [method, order] of Object.entries({
    GET: ['headers', 'fetch', 'module'],
    // It looks first whether WebAssembly may run: what it asked for could not be heard.
    POST: ['module', 'headers', 'fetch'],
  })) {
    test(`the first request, ${method}: ${order.join(', ')}`, async () => {
      await stage.reload()
      const endpoint = stage.server.endpoint([hold('data: a\n\n')])
      const seen = await stage.evaluate(async (url, method) => {
        const { EventSource } = await import('eventsource-wasm')
        const { Module } = WebAssembly
        const seen = []
        WebAssembly.Module = class extends Module { constructor(...all) { super(...all); seen.push('module') } }
        const { fetch } = globalThis
        globalThis.fetch = (...all) => { seen.push('fetch'); return fetch(...all) }
        const source = new EventSource(url, { method, headers: () => { seen.push('headers'); return {} } })
        const atOnce = [...seen]
        await Promise.resolve()
        const afterMicrotask = [...seen]
        await new Promise((resolve) => { source.onmessage = resolve })
        source.close()
        return { atOnce, afterMicrotask }
      }, endpoint.url, method)
      assert.deepEqual(seen, { atOnce: [], afterMicrotask: order })
    })
  }

  test('reconnect() before the first request has left makes no extra one; afterwards it makes another', async () => {
    await stage.reload()
    const endpoint = stage.server.endpoint([hold('data: a\n\n'), hold('data: b\n\n')])
    const seen = await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      const source = new EventSource(url)
      source.reconnect()
      const next = () => new Promise((resolve) => { source.onmessage = ({ data }) => resolve(data) })
      const seen = [await next()]
      source.reconnect()
      seen.push(await next())
      source.close()
      return seen
    }, endpoint.url)
    assert.deepEqual(seen, ['a', 'b'])
    assert.equal(endpoint.requests.length, 2)
  })

  for (const { name, make } of moduleSources) {
    test(`slim: init takes ${name}`, async () => {
      await stage.reload()
      const endpoint = stage.server.endpoint([hold('data: a\n\n')])
      const data = await stage.evaluate(async (make, wasmUrl, url) => {
        const { EventSource, init } = await import('eventsource-wasm/slim')
        await init((0, eval)(`(${make})`)(wasmUrl))
        const source = new EventSource(url)
        const { data } = await new Promise((resolve) => { source.onmessage = resolve })
        source.close()
        return data
      }, String(make), wasmUrl(), endpoint.url)
      assert.equal(data, 'a')
    })
  }

  test('slim: init that fails rejects, and a second call may succeed', async () => {
    await stage.reload()
    const outcomes = await stage.evaluate(async (wasmUrl) => {
      const { init } = await import('eventsource-wasm/slim')
      const outcome = (source) => init(source).then(() => 'done', (error) => error.name)
      return [await outcome('/nowhere.wasm'), await outcome(new Uint8Array(8)), await outcome(wasmUrl), await outcome(wasmUrl)]
    }, wasmUrl())
    assert.deepEqual(outcomes, ['Error', 'CompileError', 'done', 'done'])
  })

  test('slim: a source constructed without init finds the module beside it', async () => {
    await stage.reload()
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const outcome = await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm/slim')
      const source = new EventSource(url)
      const { data } = await new Promise((resolve) => { source.onmessage = resolve })
      source.close()
      return { data, fetched: performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length }
    }, endpoint.url)
    assert.deepEqual(outcome, { data: 'a', fetched: 1 })
  })

  test('slim: if the module cannot be loaded, the source fails, and a later one tries again', async () => {
    await stage.reload()
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const failures = await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm/slim')
      const { fetch } = globalThis
      const failures = []
      globalThis.fetch = (input, init) => fetch(String(input).endsWith('.wasm') ? '/nowhere.wasm' : input, init)
      for (let count = 0; count < 2; count += 1) {
        const source = new EventSource(url)
        const { readyState: atFirst } = source
        const { kind, willReconnect, cause } = await new Promise((resolve) => { source.onerror = resolve })
        failures.push({ atFirst, kind, willReconnect, says: cause.message.replace(/^.*\//, ''), readyState: source.readyState })
        globalThis.fetch = (input, init) => fetch(String(input).endsWith('.wasm') ? '/nothing.wasm' : input, init)
      }
      return failures
    }, endpoint.url)
    assert.deepEqual(failures, ['nowhere', 'nothing'].map((name) => (
      { atFirst: 0, kind: 'wasm', willReconnect: false, says: `${name}.wasm answered 404`, readyState: 2 }
    )))
  })

  const refusing = `script-src 'self' 'unsafe-inline'`
  const message = { type: 'message', kind: null, readyState: 1, fallback: false }
  const failed = { type: 'error', kind: 'wasm', readyState: 2, fallback: false }
  for (const { name, policy, before = '', entry = '', init, options = '', chunks = ['data: a\n\n'], expected, requests = 1 } of [
    { name: 'a policy with wasm-unsafe-eval lets it work', policy: `${refusing} 'wasm-unsafe-eval'`, expected: message },
    { name: 'a policy that refuses WebAssembly has the fallback do', policy: refusing, expected: { ...message, fallback: true } },
    { name: 'so has a browser without WebAssembly', before: 'delete globalThis.WebAssembly', expected: { ...message, fallback: true } },
    { name: 'a POST is sent once under that policy', policy: refusing, options: `{ method: 'POST' }`, expected: { ...message, fallback: true } },
    {
      name: 'large events grow the memory of the fallback',
      policy: refusing,
      chunks: [`data: ${'x'.repeat(12 << 20)}\n\n`],
      expected: { ...message, fallback: true },
    },
    { name: 'slim leaves the fallback out', policy: refusing, entry: '/slim', expected: failed },
    { name: 'slim: a POST that could not be read is not sent', policy: refusing, entry: '/slim', options: `{ method: 'POST' }`, expected: failed, requests: 0 },
    { name: 'slim: init takes the fallback', policy: refusing, entry: '/slim', init: 'eventsource-wasm/fallback', expected: { ...message, fallback: true } },
  ]) {
    test(name, async () => {
      const endpoint = stage.server.endpoint([hold(...chunks)])
      const html = pageHtml(importMap(stage.packed.manifest, '/package/')) + firstEventScript(endpoint.url, { before, entry, init, options })
      const page = stage.server.page(`/${encodeURIComponent(name)}`, html, policy && { 'content-security-policy': policy })
      try {
        await stage.browser.goto(page)
        // Without eval, the page returns its result to every call.
        assert.deepEqual(await stage.evaluate(() => {}), expected)
        assert.equal(endpoint.requests.length, requests)
      } finally {
        await stage.reload()
      }
    })
  }
})

/** A page that opens a source by itself and answers every `evaluate` with the first event but `open`. */
function firstEventScript(url, { before, entry, init, options }) {
  return `<script>
  ${before}
  const first = import('eventsource-wasm${entry}').then(async ({ EventSource, init }) => {
    ${init ? `await init(import('${init}'))` : ''}
    const source = new EventSource('${url}'${options && `, ${options}`})
    const { type, kind = null } = await new Promise((resolve) => { source.onmessage = source.onerror = resolve })
    const fallback = performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/fallback.js'))
    return { type, kind, readyState: source.readyState, fallback }
  })
  globalThis.run = () => first
</script>
`
}

/** Where the conditions of an export lead, all of them. */
function targetsIn(target) {
  return typeof target === 'string' ? [target] : Object.values(target).flatMap(targetsIn)
}

/** The file of an entry point, without the platform's classes that it may not need before a source is made. */
async function probeInNode(packed, path, { condition = 'default', needs }) {
  const { default: file } = packed.manifest.exports[`.${path}`][condition]
  const probe = new URL('import-probe.mjs', import.meta.url).href
  return inNode(packed, `
    import { createRequire } from 'node:module'
    import { probeImport } from '${probe}'
    // What the framework does is not ours.
    ${needs ? `await import('${needs}')` : ''}
    for (const name of ${JSON.stringify(dispensable)}) delete globalThis[name]
    const load = ${file.endsWith('.cjs') ? 'createRequire(import.meta.url)' : '(path) => import(new URL(path, import.meta.url).href)'}
    console.log(JSON.stringify(await probeImport('./node_modules/eventsource-wasm/${file}', load)))`)
}

/** Runs a module in Node, as a file of the project that the package is installed in, and returns what it printed. */
async function inNode({ project }, script) {
  const file = join(project, 'main.mjs')
  await writeFile(file, script)
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 })
  return JSON.parse(stdout)
}

/** Bundles a module of that project. */
async function bundle({ project }, contents, options = {}) {
  const { outputFiles: [{ text }], metafile: { inputs } } = await esbuild.build({
    stdin: { contents, resolveDir: project },
    bundle: true, format: 'esm', write: false, logLevel: 'silent', minify: true, metafile: true, external: ['react', 'vue', '*.wasm'],
    ...options,
  })
  return { text, inputs }
}
