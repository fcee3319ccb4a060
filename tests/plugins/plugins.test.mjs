// The code of docs/plugging-in.md: each library gets every event over a connection that is cut, with whichever class.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { installed } from '../../scripts/installed.mjs'
import { openBrowser } from '../e2e/browser.mjs'
import { Prices, TOTAL } from './prices.mjs'
import { bundled, classes, recipes } from './recipes.mjs'
import { serversOf } from './servers.mjs'

const INSTALL_MS = 600_000
const SOON_MS = 15_000

/** The recipes that give a token by a header, which only our class sends. */
const AUTHORIZED = ['tRPC', 'GrowthBook', 'htmx 2', 'Turbo']
/** They use what only our class has. */
const OURS_ALONE = ['RxJS']

let browser
let installation

before(async () => {
  installation = await installed('docs', 'docs')
  browser = await openBrowser('chromium')
}, { timeout: INSTALL_MS })
after(() => browser?.close())

/** The page that a recipe runs in. What it shows is kept, as are its mistakes. */
const page = (html) => `<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<script>
  const shown = []
  const mistakes = []
  const show = (value) => shown.push(value)
  const getToken = async () => 'token'
  addEventListener('error', ({ message }) => mistakes.push(message))
  addEventListener('unhandledrejection', ({ reason }) => mistakes.push(String(reason)))
</script>
<body>${html}</body>
<script type="module" src="/recipe.js"></script>
`

/** Serves one recipe and its protocol. `requests` are those of streams. */
async function serve({ html }, script, handlers) {
  const prices = new Prices()
  const requests = []
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    if (pathname === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(page(html))
    if (pathname === '/recipe.js') return response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    const [, handle] = Object.entries(handlers).find(([prefix]) => pathname.startsWith(prefix)) ?? []
    if (handle === undefined) return response.writeHead(404).end()
    if (request.headers.accept === 'text/event-stream') requests.push(request.headers)
    return handle(request, response, prices)
  })
  server.listen(0)
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://localhost:${server.address().port}/`, requests, close }
}

for (const recipe of recipes()) {
  describe(recipe.heading, () => {
    for (const [name, swaps] of Object.entries(classes)) {
      if (OURS_ALONE.includes(recipe.heading) && name !== 'eventsource-wasm') continue
      test(name, async () => {
        const handlers = serversOf(installation)[recipe.heading]
        const { url, requests, close } = await serve(recipe, await bundled(recipe.script, swaps, installation), handlers)
        try {
          const { session } = browser
          await session.get(url)
          const state = () => session.executeScript('return { shown, mistakes }')
          const isDone = async () => {
            const { shown, mistakes } = await state()
            return shown.at(-1) === TOTAL || mistakes.length > 0
          }
          // A recipe that hangs is reported with what it has shown.
          await session.wait(isDone, SOON_MS).catch(() => {})
          const { shown, mistakes } = await state()
          const prices = shown.filter((price) => price !== 0)
          assert.deepEqual({ prices, mistakes }, { prices: Array.from({ length: TOTAL }, (_, index) => index + 1), mistakes: [] })
          assert.equal(requests.length, 2, 'one connection more, after the cut')
          if (name !== 'eventsource-wasm' || !AUTHORIZED.includes(recipe.heading)) return
          assert.deepEqual(requests.map(({ authorization }) => authorization), ['Bearer token', 'Bearer token'])
        } finally {
          await browser.session.get('about:blank')
          close()
        }
      })
    }
  })
}
