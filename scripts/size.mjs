// Prints what a page downloads for each entry point of the built package, as a Markdown table, and fails if one exceeds its limit.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { root } from './run.mjs'

/**
 * In bytes after brotli, for all files of an entry point together: the target, and the limit that no change may exceed. If
 * you make one smaller, lower its limit.
 */
const entries = [
  { name: 'eventsource-wasm', files: ['class.js', 'index.js'], isOne: true, goal: 19_000, limit: 23_465 },
  { name: 'eventsource-wasm/slim', files: ['class.js', 'slim.js', 'eventsource.wasm'], goal: 18_600, limit: 22_930 },
  // What a page has of them besides the class, built for production: with everything that they export, or as little.
  { name: 'eventsource-wasm/react', files: ['react.js'], imports: '*', goal: 5_500, limit: 7_590 },
  { name: 'eventsource-wasm/react', files: ['react.js'], imports: '{ useEventSource }', goal: 5_500, limit: 6_550 },
  { name: 'eventsource-wasm/vue', files: ['vue.js'], imports: '*', goal: 5_500, limit: 7_630 },
  { name: 'eventsource-wasm/vue', files: ['vue.js'], imports: '{ useEventSource }', goal: 5_500, limit: 6_520 },
  { name: 'eventsource-wasm/store', files: ['store.js'], imports: '{ EventStore, StreamStore }', goal: 4_500, limit: 6_420 },
  // The same, besides `store.js`.
  ...['svelte', 'solid', 'angular'].map((name) => ({ name: `eventsource-wasm/${name}`, files: [`${name}.js`], goal: 500, limit: 450 })),
  { name: 'eventsource-wasm/decode', files: ['decode.js', 'decode/decoding.js'], isOne: true, goal: 1_500, limit: 1_500 },
  { name: 'eventsource-wasm/fetch', files: ['fetch.js'], goal: 1_100, limit: 1_210 },
  { name: 'eventsource-wasm/trace', files: ['trace.js'], goal: 1_100, limit: 1_100 },
  { name: 'eventsource-wasm/share', files: ['share.js'], goal: 2_500, limit: 4_700 },
  { name: 'eventsource-wasm/graphql', files: ['graphql.js'], isOne: true, goal: 2_200, limit: 3_830 },
]

const read = (file) => readFileSync(join(root, 'pkg', 'dist', file))
/** A production bundle of these exports of a file, without the class and other packages. */
const bundled = (file, imports) => {
  const { outputFiles } = buildSync({
    stdin: { contents: `export ${imports} from './${file}'`, resolveDir: join(root, 'pkg', 'dist') },
    bundle: true, write: false, minify: true, format: 'esm', platform: 'browser', target: 'es2022', packages: 'external', external: ['./index.js', './share.js'],
  })
  return outputFiles[0].contents
}
const measure = (bytes) => [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length]
const row = (name, ...sizes) => console.log(`| ${[name, ...sizes.map((size) => size.toLocaleString('en'))].join(' | ')} |`)

console.log('| | bytes | gzip | brotli | goal | limit |\n|---|--:|--:|--:|--:|--:|')
for (const { name, files, isOne = false, imports, goal, limit } of entries) {
  // A bundler makes one file of several.
  const sizes = imports ? [measure(bundled(files[0], imports))] : isOne ? [measure(Buffer.concat(files.map(read)))] : files.map((file) => measure(read(file)))
  const total = sizes.reduce((sum, size) => sum.map((value, index) => value + size[index]))
  if (sizes.length > 1) files.forEach((file, index) => row(`\`${file}\``, ...sizes[index], '', ''))
  row(`\`${name}\` (${imports ? imports.replace('*', 'all') : files.join(' + ')})`, ...total, goal, limit)
  if (total[2] > limit) process.exitCode = 1
}
