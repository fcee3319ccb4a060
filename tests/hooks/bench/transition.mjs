// How long a transition takes beside a stream that renders, in Chromium. Prints a table and judges nothing.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { openBrowser } from '../../e2e/browser.mjs'
import { pageHtml } from '../../e2e/page.mjs'
import { Server } from '../../e2e/server.mjs'

const ROUNDS = 5
const workloads = [
  { name: '1,000 rows, 20 events/s', rows: 1000, everyMs: 50 },
  { name: '1,000 rows, an event every 5 ms', rows: 1000, everyMs: 5 },
  { name: '300 rows, an event every 5 ms', rows: 300, everyMs: 5 },
]

/** Sends events until the connection is closed. */
const ticking = (everyMs) => async (exchange) => {
  exchange.head(200, { 'content-type': 'text/event-stream' })
  const timer = setInterval(() => exchange.write('data: tick\n\n'), everyMs)
  await exchange.closed
  clearInterval(timer)
}

const directory = await mkdtemp(join(tmpdir(), 'eventsource-wasm-transition-'))
const server = await Server.start()
const browser = await openBrowser('chromium')
try {
  await build({
    entryPoints: [fileURLToPath(new URL('page.jsx', import.meta.url))], outfile: join(directory, 'page.js'), bundle: true, format: 'esm',
    jsx: 'automatic', define: { 'process.env.NODE_ENV': '"production"' }, logOverride: { 'module-level-directive': 'silent' },
  })
  server.folder('/transition/', directory)
  await browser.goto(server.page('/transition/page', pageHtml({ page: '/transition/page.js' })))
  const names = await browser.evaluate(async () => (await import('page')).names)
  console.log('| | ms, median | × useState | renders of the stream meanwhile |\n|---|--:|--:|--:|')
  for (const { name: workload, rows, everyMs } of workloads) {
    const results = new Map(names.map((name) => [name, []]))
    // Interleaved, so that other load on the machine affects all alike.
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of names) {
        const { url } = server.endpoint([ticking(everyMs)])
        results.get(name).push(await browser.evaluate(async (...settings) => (await import('page')).measure(...settings), name, url, rows))
      }
    }
    const medians = new Map(names.map((name) => [name, results.get(name).sort((a, b) => a.ms - b.ms)[Math.floor(ROUNDS / 2)]]))
    for (const [name, { ms, renders }] of medians) {
      console.log(`| ${workload}: ${name} | ${ms.toFixed(0)} | ${(ms / medians.get('useState').ms).toFixed(2)} | ${renders} |`)
    }
  }
} finally {
  await browser.close()
  await server.close()
  await rm(directory, { recursive: true })
}
