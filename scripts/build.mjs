// Builds the npm package in `pkg/`: Rust to wasm, each entry point to one file, and their declarations.
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { writeGlue } from './glue.mjs'
import { root, run } from './run.mjs'

/**
 * Has Chromium compile all functions while it loads the script: most of them run before the first event, and one by one
 * they cost the page's thread 30 µs each. Bundlers drop it.
 */
const compileHint = '//# allFunctionsCalledOnLoad'

/** `www/src/<name>.ts` becomes `pkg/dist/<name>.js` and `<name>.d.ts`. Packages they import stay imports. */
const entries = [
  { name: 'index', inlinesWasm: true, banner: compileHint },
  { name: 'slim', banner: compileHint },
  // They import `index.js` as it is, so that there is one class on the page.
  { name: 'react', external: ['./index.js', './store.js'], banner: "'use client'" },
  { name: 'vue', external: ['./index.js', './store.js'] },
  { name: 'store' },
  { name: 'polyfill', external: ['./index.js'] },
  { name: 'session-store' },
  { name: 'decode' },
  { name: 'decode/decoding' },
  { name: 'fallback' },
  { name: 'share' },
  { name: 'graphql', external: ['./index.js'] },
]

const sources = join(root, 'www', 'src')
const dist = join(root, 'pkg', 'dist')
// Not inside `pkg`: what is there gets published.
const wasmPack = join(root, 'target', 'wasm-pack')
const wasm = join(wasmPack, 'eventsource_wasm_bg.wasm')
const fallback = join(root, 'target', 'fallback')

const must = async (command, args) => {
  const { code } = await run(command, args)
  if (code !== 0) process.exit(code)
}

const timed = async (step, work) => {
  const start = performance.now()
  await work()
  console.log(`${step}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

const outDir = ['--target', 'web', '--no-pack', '--no-gitignore', '--out-dir', relative(root, wasmPack)]
const features = ['--no-default-features', '--features', 'npm']
const wasmPackArgs = ['build', '--release', ...outDir, '--', ...features]

/** A digest of all that decides what wasm-pack makes. */
const rustInputs = () => {
  const files = ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', '.cargo/config.toml', 'scripts/optimize.mjs', 'scripts/fallback.mjs']
  for (const file of readdirSync(join(root, 'src'), { recursive: true }).sort()) {
    if (file.endsWith('.rs')) files.push(join('src', file))
  }
  const digest = createHash('sha256').update(wasmPackArgs.join(' '))
  for (const file of files) digest.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  return digest.digest('hex')
}

const buildWasm = async () => {
  const stamp = join(wasmPack, 'inputs.sha256')
  const inputs = rustInputs()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return
  for (const folder of [wasmPack, fallback]) rmSync(folder, { recursive: true, force: true })
  await timed('wasm', () => must('wasm-pack', wasmPackArgs))
  const { optimize } = await import('./optimize.mjs')
  await timed('wasm, optimized', () => optimize(wasm))
  const { buildFallback } = await import('./fallback.mjs')
  await timed('the same as JavaScript', () => buildFallback(fallback, features, must))
  writeFileSync(stamp, inputs)
}

/**
 * Resolves what the sources leave open: `#embedded`, which is the bytes of the module in hexadecimal and the way to the
 * fallback, or neither; and `#core`, which is the core as JavaScript. Hexadecimal keeps bytes whole, so it compresses to
 * 7 % more than the module itself; base64, a third shorter, to 32 % more.
 */
const generated = (inlinesWasm) => ({
  name: 'generated',
  setup(build) {
    build.onResolve({ filter: /^#core$/ }, () => ({ path: join(fallback, 'core.js') }))
    build.onResolve({ filter: /^#embedded$/ }, ({ path }) => ({ path, namespace: 'embedded' }))
    build.onLoad({ filter: /.*/, namespace: 'embedded' }, () => ({
      contents: `
        export const inlined = ${inlinesWasm ? `'${readFileSync(wasm, 'hex')}'` : 'undefined'}
        export const importFallback = ${inlinesWasm ? importFallback : 'undefined'}`,
    }))
  },
})

const importFallback = "() => import(new URL('./fallback.js', import.meta.url).href)"

/**
 * Every bundler takes the file for an asset, and is told here to leave the import alone: the minifiers drop comments. An
 * import that bundlers follow would have those that do not split code carry it along for everybody.
 */
const ignoredByBundlers = (code) => {
  const ignoring = code.replace('import(new URL("./fallback.js"', `import(/* webpackIgnore: true *//* turbopackIgnore: true *//* @vite-ignore */new URL("./fallback.js"`)
  if (ignoring === code) throw new Error('nothing imports the fallback')
  return ignoring
}

/** `/decode` and `/store` import one file, so that there is one class of its errors on the page. */
const sharedDecoding = {
  name: 'shared-decoding',
  setup(build) {
    build.onResolve({ filter: /\/decoding\.js$/ }, () => ({ path: './decode/decoding.js', external: true }))
  },
}

/** Esbuild bundles and minifies; what it gives, terser makes 5 % smaller still. */
const bundle = async () => {
  const esbuild = await import('esbuild')
  const { minify } = await import('terser')
  for (const { name, inlinesWasm = false, external = [], banner } of entries) {
    const { outputFiles } = await esbuild.build({
      entryPoints: [join(sources, `${name}.ts`)],
      outdir: dist,
      outbase: sources,
      write: false,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2022',
      packages: 'external',
      external,
      minify: true,
      sourcemap: 'external',
      plugins: [generated(inlinesWasm), sharedDecoding],
    })
    const [map, script] = outputFiles.map(({ text }) => text)
    const minified = await minify(script, {
      module: true,
      ecma: 2022,
      compress: { passes: 3 },
      format: { preamble: banner },
      sourceMap: { content: map, url: `${basename(name)}.js.map` },
    })
    writeFileSync(join(dist, `${name}.js`), inlinesWasm ? ignoredByBundlers(minified.code) : minified.code)
    writeFileSync(join(dist, `${name}.js.map`), minified.map)
  }
  copyFileSync(wasm, join(dist, 'eventsource.wasm'))
}

/** Emits declarations and copies those that the entry points lead to, so none that name the generated glue. */
const declarations = async () => {
  const emitted = join(root, 'target', 'declarations')
  rmSync(emitted, { recursive: true, force: true })
  await must('tsc', ['--project', 'www', '--noEmit', 'false', '--outDir', emitted])
  const reached = new Set([...entries.map(({ name }) => name), 'wasm/module-file'].map((name) => join(emitted, `${name}.d.ts`)))
  for (const file of reached) {
    const text = readFileSync(file, 'utf8')
    for (const [, specifier] of text.matchAll(/\b(?:from|import\() ?['"]([.#].*?)['"]/g)) {
      if (specifier.startsWith('#')) throw new Error(`${relative(emitted, file)} imports ${specifier}, as no user can`)
      reached.add(join(dirname(file), specifier.replace(/\.[jt]s$/, '.d.ts')))
    }
    const copy = join(dist, relative(emitted, file))
    mkdirSync(dirname(copy), { recursive: true })
    copyFileSync(file, copy)
  }
}

/** What the README says to users, without pictures and links into the repository. */
const packageReadme = () => {
  const [forUsers] = readFileSync(join(root, 'README.md'), 'utf8').split('\n## Work on it\n')
  return forUsers
    .replaceAll(/^!\[.*\n\n?/gm, '')
    .replaceAll(/\[([^\]]+)\]\((?!https?:|#)[^)]*\)/g, '$1')
    .concat('\nMIT or Apache-2.0, at your option.\n')
}

await bootstrap('build')
await buildWasm()
writeGlue(join(wasmPack, 'eventsource_wasm.d.ts'))
rmSync(dist, { recursive: true, force: true })
mkdirSync(join(dist, 'decode'), { recursive: true })
await timed('bundles', bundle)
await timed('declarations', declarations)
writeFileSync(join(root, 'pkg', 'README.md'), packageReadme())
for (const file of readdirSync(root)) {
  if (file.startsWith('LICENSE')) copyFileSync(join(root, file), join(root, 'pkg', file))
}
