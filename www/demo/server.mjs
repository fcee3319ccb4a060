/** The server of the site: its files and its event streams, see streams/index.mjs. */
import { createServer as createHttpServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { serveFetch } from './server/serve-fetch.mjs'
import { createStreams } from './streams/index.mjs'

const page = fileURLToPath(new URL('dist/site', import.meta.url))
const documentation = fileURLToPath(new URL('dist/docs', import.meta.url))

/** What a page with this package needs: WebAssembly compiles under `'wasm-unsafe-eval'`. */
const contentSecurityPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:"

/** VitePress chooses the colours before the page is drawn, by an inline script, and colours code by inline styles. */
const documentationPolicy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"

const files = (folder, policy) => [
  (_req, res, next) => {
    res.set('Content-Security-Policy', policy)
    next()
  },
  express.static(folder),
]

/** An HTTP server that does not listen yet. */
export function createServer() {
  const app = express()
  app.disable('x-powered-by')
  app.use(serveFetch(createStreams()))
  app.use('/docs', files(documentation, documentationPolicy))
  app.use(files(page, contentSecurityPolicy))
  return createHttpServer(app)
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
  console.log(`The site is at ${url}`)
}
