// Prints what a page downloads for each entry point, as a Markdown table, and fails over budget.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { root, run } from './run.mjs'

/** In bytes after brotli, of all files of an entry point together. */
const entries = [
  { name: 'eventsource-wasm', files: ['index.js'], budget: 19_000 },
  { name: 'eventsource-wasm/slim', files: ['slim.js', 'eventsource.wasm'], budget: 14_000 },
  // Besides `index.js`, which they share with the rest of the page.
  { name: 'eventsource-wasm/react', files: ['react.js'], budget: 4_500 },
  { name: 'eventsource-wasm/vue', files: ['vue.js'], budget: 4_500 },
  { name: 'eventsource-wasm/decode', files: ['decode.js'], budget: 1_500 },
]

const measure = (file) => {
  const bytes = readFileSync(join(root, 'pkg', 'dist', file))
  return [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length]
}
const row = (name, sizes, budget = '') =>
  console.log(`| ${[name, ...sizes.map((size) => size.toLocaleString('en')), budget.toLocaleString('en')].join(' | ')} |`)

const { code, output } = await run(process.execPath, ['scripts/build.mjs'], { quiet: true })
if (code !== 0) {
  console.error(output)
  process.exit(code)
}
console.log('| | bytes | gzip | brotli | budget |\n|---|--:|--:|--:|--:|')
for (const { name, files, budget } of entries) {
  const sizes = files.map(measure)
  const total = sizes.reduce((sum, size) => sum.map((value, index) => value + size[index]))
  if (files.length > 1) files.forEach((file, index) => row(`\`${file}\``, sizes[index]))
  row(`\`${name}\` (${files.join(' + ')})`, total, budget)
  if (total[2] > budget) process.exitCode = 1
}
