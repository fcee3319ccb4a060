// Measures what each entry point adds to a bundle, by three bundlers, and writes the table of `docs/sizes.md`.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import * as esbuild from 'esbuild'
import { rollup } from 'rollup'
import { minify } from 'terser'
import webpack from 'webpack'
import { bootstrap } from './bootstrap.mjs'
import { subpaths } from './entries.mjs'
import { root, run } from './run.mjs'

const { peerDependencies } = JSON.parse(readFileSync(join(root, 'pkg', 'package.json'), 'utf8'))
const frameworks = Object.keys(peerDependencies)
const isFramework = (id) => frameworks.some((name) => id === name || id.startsWith(`${name}/`))

/** Each makes one minified script of a module. */
const bundlers = {
  esbuild: async (entryPoint) => {
    const { outputFiles } = await esbuild.build({
      entryPoints: [entryPoint], bundle: true, minify: true, format: 'esm', write: false, external: frameworks, logLevel: 'error',
    })
    return outputFiles[0].text
  },
  webpack: (entry, folder) => new Promise((resolve, reject) => {
    webpack({
      entry,
      mode: 'production',
      experiments: { outputModule: true },
      externals: async ({ request }) => (isFramework(request) ? `module ${request}` : undefined),
      output: { path: folder, filename: 'webpack.js', assetModuleFilename: 'asset[ext]', library: { type: 'module' } },
    }, (error, stats) => {
      if (error ?? stats.hasErrors()) reject(error ?? new Error(stats.toString('errors-only')))
      else resolve(readFileSync(join(folder, 'webpack.js'), 'utf8'))
    })
  }),
  Rollup: async (input) => {
    const bundle = await rollup({
      input,
      external: isFramework,
      plugins: [nodeResolve()],
      onLog: (level, log, handle) => { if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log) },
    })
    const { output: [{ code }] } = await bundle.generate({ format: 'es' })
    return (await minify(code, { module: true })).code
  },
}

/** Inside the clone, where the package is found. */
const folder = mkdtempSync(join(root, 'target', 'bundled-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

const measured = async (subpath) => {
  const module = join(folder, 'entry.js')
  const specifier = join('eventsource-wasm', subpath)
  writeFileSync(module, `export * from '${specifier}'\n`)
  const cells = []
  for (const bundle of Object.values(bundlers)) {
    const script = Buffer.from(await bundle(module, folder))
    cells.push(`${script.length.toLocaleString('en')} / ${brotliCompressSync(script).length.toLocaleString('en')}`)
  }
  return `| \`${specifier}\` | ${cells.join(' | ')} |`
}

await bootstrap('build')
if ((await run(process.execPath, ['scripts/build.mjs'])).code !== 0) process.exit(1)
const rows = []
for (const { subpath } of subpaths) rows.push(await measured(subpath))
const wasm = readFileSync(join(root, 'pkg', 'dist', 'eventsource.wasm'))
const page = `# Sizes of the entry points

What each entry point adds to a bundle: minified bytes / bytes after Brotli. Everything that the entry point exports is used, so your
own bundle may be smaller. Frameworks are not counted. Entry points share their code, so the numbers of two entry points
do not add up. An import that you do not use adds nothing.

| | ${Object.keys(bundlers).join(' | ')} |
|---|${'--:|'.repeat(Object.keys(bundlers).length)}
${rows.join('\n')}

Entry points with \`slim\` in their name also load \`eventsource.wasm\`: ${wasm.length.toLocaleString('en')} bytes,
${brotliCompressSync(wasm).length.toLocaleString('en')} after Brotli. In a clone, \`npm run bundled\` measures this
table.
`
writeFileSync(join(root, 'docs', 'sizes.md'), page)
console.log(page)
