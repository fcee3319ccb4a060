// Builds the npm package in `pkg/`: Rust to wasm, its files, and their declarations.
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { bundle } from './bundle.mjs'
import { packageFolder, publicEntries } from './entries.mjs'
import { writeGlue } from './glue.mjs'
import { writeManifests } from './manifest.mjs'
import { writeNotices } from './notices.mjs'
import { root, run } from './run.mjs'

const dist = join(packageFolder, 'dist')
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

/** A digest of everything that wasm-pack's output depends on. */
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

/** Emits declarations and copies those reachable from the entry points, so none that name the generated glue. As `.d.cts` too. */
const declarations = async () => {
  const emitted = join(root, 'target', 'declarations')
  rmSync(emitted, { recursive: true, force: true })
  await must('tsc', ['--project', 'www', '--noEmit', 'false', '--outDir', emitted])
  const names = [...publicEntries.map(({ name }) => name), 'wasm/module-file']
  const reached = new Set(names.map((name) => join(emitted, `${name}.d.ts`)))
  for (const file of reached) {
    const text = readFileSync(file, 'utf8')
    for (const [, specifier] of text.matchAll(/\b(?:from|import\() ?['"]([.#].*?)['"]/g)) {
      if (specifier.startsWith('#')) throw new Error(`${relative(emitted, file)} imports ${specifier}, as no user can`)
      reached.add(join(dirname(file), specifier.replace(/\.[jt]s$/, '.d.ts')))
    }
    const copy = join(dist, relative(emitted, file))
    mkdirSync(dirname(copy), { recursive: true })
    writeFileSync(copy, text)
    writeFileSync(copy.replace(/ts$/, 'cts'), text.replaceAll(/(\b(?:from|import\() ?['"]\..*?)\.js(?=['"])/g, '$1.cjs'))
  }
}

/** Turns links that lead out of the package into text, and drops images. */
const forPackage = (markdown, isOutside) => markdown
  .replaceAll(/^!\[.*\n\n?/gm, '')
  .replaceAll(/(?<!!)\[([^\]]+)\]\(([^)]*)\)/g, (link, text, target) => (isOutside(target) ? text : link))

/** The user part of the README, and the pages that it links to. */
const documentation = () => {
  const [forUsers] = readFileSync(join(root, 'README.md'), 'utf8').split('\n## Work on it\n')
  const readme = forPackage(forUsers, (target) => !/^(https?:|#|docs\/)/.test(target))
  writeFileSync(join(packageFolder, 'README.md'), `${readme}\nMIT or Apache-2.0, at your option.\n`)
  const folder = join(packageFolder, 'docs')
  mkdirSync(folder)
  for (const page of readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'))) {
    // Only the site has the reference: editors show it from the declarations.
    writeFileSync(join(folder, page), forPackage(readFileSync(join(root, 'docs', page), 'utf8'), (target) => target.startsWith('./api/')))
  }
}

await bootstrap('build')
await buildWasm()
writeGlue(join(wasmPack, 'eventsource_wasm.d.ts'))
mkdirSync(packageFolder, { recursive: true })
for (const name of readdirSync(packageFolder)) {
  if (name !== 'package.json') rmSync(join(packageFolder, name), { recursive: true })
}
mkdirSync(dist)
copyFileSync(wasm, join(dist, 'eventsource.wasm'))
await timed('bundles', () => bundle({ wasm, fallback: join(fallback, 'core.js') }))
await timed('declarations', declarations)
writeManifests()
documentation()
writeNotices(join(packageFolder, 'THIRD-PARTY-NOTICES.md'))
for (const file of readdirSync(root)) {
  if (file.startsWith('LICENSE')) copyFileSync(join(root, file), join(packageFolder, file))
}
