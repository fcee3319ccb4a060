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
  { specifier: 'eventsource-wasm', exports: ['EventSource', 'EventSourceErrorEvent'] },
  { specifier: 'eventsource-wasm/slim', exports: ['EventSource', 'EventSourceErrorEvent', 'init'] },
  { specifier: 'eventsource-wasm/decode', exports: ['DecodeError', 'decode', 'decoded'] },
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
    const published = /^(package\.json|README\.md|LICENSE(-\w+)?|dist\/[\w-]+(\.d\.ts|\.js|\.js\.map|\.wasm))$/
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
    const compiled = await stage.evaluate(async () => {
      const { EventSource } = await import('eventsource-wasm')
      const { Module, Instance } = WebAssembly
      const made = []
      WebAssembly.Module = class extends Module { constructor(...all) { super(...all); made.push('module') } }
      WebAssembly.Instance = class extends Instance { constructor(...all) { super(...all); made.push('instance') } }
      for (let count = 0; count < 3; count += 1) new EventSource('/page').close()
      return made
    })
    assert.deepEqual(compiled, ['module', 'instance'])
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

  test('slim: a source constructed without init fails with an error that says so', async () => {
    await stage.reload()
    const failure = await stage.evaluate(async () => {
      const { EventSource } = await import('eventsource-wasm/slim')
      const source = new EventSource('/page')
      const { readyState: atFirst } = source
      const { kind, willReconnect, cause } = await new Promise((resolve) => { source.onerror = resolve })
      return { atFirst, kind, willReconnect, says: cause.message, readyState: source.readyState }
    })
    assert.match(failure.says, /init\(\)/)
    assert.deepEqual(failure, { atFirst: 0, kind: 'wasm', willReconnect: false, says: failure.says, readyState: 2 })
  })

  for (const { name, policy, before = '', expected } of [
    { name: 'a policy with wasm-unsafe-eval lets it work', policy: `script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'`, expected: { type: 'message', kind: null, readyState: 1 } },
    { name: 'a policy that refuses WebAssembly fails the source', policy: `script-src 'self' 'unsafe-inline'`, expected: { type: 'error', kind: 'wasm', readyState: 2 } },
    { name: 'a browser without WebAssembly fails the source', policy: '', before: 'delete globalThis.WebAssembly', expected: { type: 'error', kind: 'wasm', readyState: 2 } },
  ]) {
    test(name, async () => {
      const { url } = stage.server.endpoint([hold('data: a\n\n')])
      const html = pageHtml(importMap(stage.packed.manifest, '/package/')) + firstEventScript(url, before)
      const page = stage.server.page(`/${encodeURIComponent(name)}`, html, policy && { 'content-security-policy': policy })
      try {
        await stage.browser.goto(page)
        // Without eval, the page gives its result whatever it is asked.
        assert.deepEqual(await stage.evaluate(() => {}), expected)
      } finally {
        await stage.reload()
      }
    })
  }
})

/** A page that opens a source by itself and answers every `evaluate` with the first event but `open`. */
function firstEventScript(url, before) {
  return `<script>
  ${before}
  const first = import('eventsource-wasm').then(({ EventSource }) => new Promise((resolve) => {
    const source = new EventSource('${url}')
    source.onmessage = source.onerror = ({ type, kind = null }) => resolve({ type, kind, readyState: source.readyState })
  }))
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
