/**
 * The server of the demo: three event streams in the shapes that servers have, and a switchboard that breaks them.
 *
 *     /ticker   GET or POST   Express, named events, resumes from a ring buffer
 *     /graphql  POST          GraphQL Yoga, a subscription over `Accept: text/event-stream`
 *     /chat     POST          tokens, ends with `[DONE]`
 *     /faults   POST          see server/switchboard.mjs
 */
import { createServer as createHttpServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { chat } from './server/chat.mjs'
import { Feeds } from './server/feed.mjs'
import { graphql } from './server/graphql.mjs'
import { stampIds } from './server/stamp-ids.mjs'
import { Switchboard } from './server/switchboard.mjs'
import { ticker } from './server/ticker.mjs'

const page = fileURLToPath(new URL('dist', import.meta.url))

/** What a page with this package needs: WebAssembly compiles under `'wasm-unsafe-eval'`. */
const contentSecurityPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:"

/** An HTTP server that does not listen yet. Closing it ends all that belongs to it. */
export function createServer() {
  const feeds = new Feeds()
  const switchboard = new Switchboard()
  const tick = ticker(feeds)

  const app = express()
  app.disable('x-powered-by')
  app.use(['/ticker', '/graphql', '/chat'], switchboard.guard)
  app.route('/ticker').get(tick).post(express.json(), tick)
  app.post('/chat', express.json(), chat)
  app.use('/graphql', stampIds, graphql())
  app.post('/faults', express.json(), switchboard.route)
  app.use((_req, res, next) => {
    res.set('Content-Security-Policy', contentSecurityPolicy)
    next()
  }, express.static(page))

  const server = createHttpServer(app)
  server.on('close', () => feeds.stop())
  return server
}

/** Starts a server; port 0 is any free one. `close` breaks what is still open. */
export async function listen(port = 0) {
  const server = createServer()
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, resolve)
  })
  return {
    url: `http://localhost:${server.address().port}`,
    close: () =>
      new Promise(resolve => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await listen(Number(process.env.PORT ?? 8080))
  console.log(`The demo is at ${url}`)
}
