/** The package as it would be published: what is in it, what its entry points do and what importing them does not. */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as esbuild from 'esbuild'
import { hold } from './endpoint.mjs'
import { importMap } from './packed.mjs'
import { pageHtml } from './page.mjs'
import { onEveryEngine } from './stage.mjs'

const entries = [
  { specifier: 'eventsource-wasm', exports: ['EventSource', 'EventSourceErrorEvent', 'init'] },
  { specifier: 'eventsource-wasm/slim', exports: ['EventSource', 'EventSourceErrorEvent', 'init'] },
  { specifier: 'eventsource-wasm/fallback', exports: ['instantiate'] },
  { specifier: 'eventsource-wasm/decode', exports: ['DecodeError', 'decode', 'decoded'] },
  { specifier: 'eventsource-wasm/share', exports: ['sharedFetch'] },
  { specifier: 'eventsource-wasm/graphql', exports: ['GraphQLStreamError', 'createClient'] },
  { specifier: 'eventsource-wasm/session-store', exports: ['sessionStore'] },
  // What is missing is missing in Node, whose own class has to be asked for.
  { specifier: 'eventsource-wasm/polyfill', exports: ['EventSource', 'install'], fills: ['EventSource'] },
]

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
  const wasmUrl = () => stage.server.origin + importMap(stage.packed.manifest, '/package/')['eventsource-wasm/eventsource.wasm']

  test('it holds what its exports name and no sources', () => {
    const { files, manifest } = stage.packed
    const targets = Object.values(manifest.exports).flatMap((target) => typeof target === 'string' ? [target] : Object.values(target))
    for (const target of targets) assert.ok(files.includes(target.slice(2)), `${target} is missing`)
    const published = /^(package\.json|README\.md|LICENSE(-\w+)?|dist\/([\w-]+\/)?[\w-]+(\.d\.ts|\.js|\.js\.map|\.wasm))$/
    assert.deepEqual(files.filter((file) => !published.test(file)), [])
    assert.ok(files.includes('README.md'))
    assert.ok(files.some((file) => file.startsWith('LICENSE')))
  })

  test('it is a module without side effects but those of the polyfill, dependencies and install scripts', () => {
    const { type, sideEffects, dependencies, scripts } = stage.packed.manifest
    assert.deepEqual({ type, sideEffects, dependencies, scripts }, {
      type: 'module', sideEffects: ['./dist/polyfill.js'], dependencies: undefined, scripts: undefined,
    })
  })

  test('the slim entry has no wasm in it', async () => {
    const size = async (name) => (await stat(join(stage.packed.directory, 'dist', name))).size
    assert.ok(await size('slim.js') + await size('eventsource.wasm') < await size('index.js'))
  })

  for (const { specifier, exports, fills = [] } of entries) {
    const added = fills.filter((name) => !(name in globalThis))
    const what = added.length === 0 ? 'nothing' : `no more than to add ${added}`

    test(`importing ${specifier} in a page does nothing`, async () => {
      await stage.reload()
      const report = await stage.evaluate(async (specifier) => {
        const { probeImport } = await import('/e2e/import-probe.mjs')
        return probeImport(specifier)
      }, specifier)
      assert.deepEqual(report, { exports, touched: [], added: [] })
    })

    test(`importing ${specifier} in node does ${what}`, async () => {
      assert.deepEqual(await probeInNode(stage.packed, specifier), { exports, touched: [], added })
    })

    if (fills.length > 0) continue
    test(`a bundle of a module that imports ${specifier} and does not use it is empty`, async () => {
      const output = await bundle(stage.packed, `import { ${exports[0]} } from '${specifier}'`)
      assert.equal(output.trim(), '')
    })
  }

  test('it works in a bundle', async () => {
    const output = await bundle(stage.packed, `export { EventSource } from 'eventsource-wasm'`)
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

  test('reconnect() before the first request has left is none too many, and after it makes another', async () => {
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

  test('slim: where the module is not to be had, the source fails, and a later one asks again', async () => {
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
        // Without eval, the page gives its result whatever it is asked.
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

async function probeInNode({ directory, manifest }, specifier) {
  const module = join(directory, importMap(manifest, '')[specifier])
  const probe = fileURLToPath(new URL('import-probe.mjs', import.meta.url))
  const script = `
    import { probeImport } from ${JSON.stringify(probe)}
    console.log(JSON.stringify(await probeImport(${JSON.stringify(module)})))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return JSON.parse(stdout)
}

/** Bundles a module next to an installed copy of the package. */
async function bundle({ directory }, contents) {
  const project = await mkdtemp(join(tmpdir(), 'eventsource-wasm-bundle-'))
  try {
    await mkdir(join(project, 'node_modules'))
    await symlink(directory, join(project, 'node_modules', 'eventsource-wasm'))
    const { outputFiles } = await esbuild.build({
      stdin: { contents, resolveDir: project },
      bundle: true, format: 'esm', write: false, logLevel: 'silent', minify: true,
    })
    return outputFiles[0].text
  } finally {
    await rm(project, { recursive: true })
  }
}
