// Prints what a page downloads for each entry point of the built package, as a Markdown table, and fails where one has outgrown its limit.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { root } from './run.mjs'

/** What every framework's entry stands on. */
const store = ['store.js', 'decode/decoding.js']

/**
 * In bytes after brotli, of all files of an entry point together: where we want to be, and what no change may pass. Who
 * makes one smaller lowers its limit.
 */
const entries = [
  { name: 'eventsource-wasm', files: ['class.js', 'index.js'], isOne: true, goal: 19_000, limit: 23_420 },
  { name: 'eventsource-wasm/slim', files: ['class.js', 'slim.js', 'eventsource.wasm'], goal: 18_600, limit: 22_900 },
  // Besides `class.js` and `index.js`, which they share with the rest of the page.
  { name: 'eventsource-wasm/react', files: ['react.js', ...store], isOne: true, goal: 5_500, limit: 8_400 },
  { name: 'eventsource-wasm/vue', files: ['vue.js', ...store], isOne: true, goal: 5_500, limit: 8_600 },
  { name: 'eventsource-wasm/store', files: store, isOne: true, goal: 4_500, limit: 7_600 },
  { name: 'eventsource-wasm/decode', files: ['decode.js', 'decode/decoding.js'], isOne: true, goal: 1_500, limit: 1_500 },
  { name: 'eventsource-wasm/fetch', files: ['fetch.js'], goal: 1_100, limit: 1_120 },
  { name: 'eventsource-wasm/trace', files: ['trace.js'], goal: 1_100, limit: 1_100 },
  { name: 'eventsource-wasm/share', files: ['share.js'], goal: 2_500, limit: 4_460 },
  { name: 'eventsource-wasm/graphql', files: ['graphql.js'], isOne: true, goal: 2_200, limit: 3_850 },
]

const read = (file) => readFileSync(join(root, 'pkg', 'dist', file))
const measure = (bytes) => [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length]
const row = (name, ...sizes) => console.log(`| ${[name, ...sizes.map((size) => size.toLocaleString('en'))].join(' | ')} |`)

console.log('| | bytes | gzip | brotli | goal | limit |\n|---|--:|--:|--:|--:|--:|')
for (const { name, files, isOne = false, goal, limit } of entries) {
  // A bundler makes one file of several.
  const sizes = isOne ? [measure(Buffer.concat(files.map(read)))] : files.map((file) => measure(read(file)))
  const total = sizes.reduce((sum, size) => sum.map((value, index) => value + size[index]))
  if (sizes.length > 1) files.forEach((file, index) => row(`\`${file}\``, ...sizes[index], '', ''))
  row(`\`${name}\` (${files.join(' + ')})`, ...total, goal, limit)
  if (total[2] > limit) process.exitCode = 1
}
