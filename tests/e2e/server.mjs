import { readFile } from 'node:fs/promises'
import http from 'node:http'
import { extname, join, normalize } from 'node:path'
import { Endpoint } from './endpoint.mjs'

const CONTENT_TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** An HTTP server on a free port of the loopback interface: pages, files and scripted endpoints. */
export class Server {
  #http = http.createServer((request, response) => this.#serve(request, response))
  #endpoints = new Map()
  #pages = new Map()
  #folders = new Map()

  static async start() {
    const server = new Server()
    await new Promise((resolve, reject) => {
      server.#http.once('error', reject)
      server.#http.listen(0, '127.0.0.1', resolve)
    })
    server.origin = `http://127.0.0.1:${server.#http.address().port}`
    return server
  }

  /** Serves the text as an HTML page, with further headers such as a content security policy. */
  page(path, html, headers = {}) {
    this.#pages.set(path, { html, headers })
    return this.origin + path
  }

  /** Serves the files of a directory under a path that ends in a slash. */
  folder(prefix, directory) {
    this.#folders.set(prefix, directory)
  }

  /** A URL of its own that plays the replies, one per request; see `Endpoint`. */
  endpoint(replies, options) {
    const path = `/endpoint/${this.#endpoints.size}`
    const endpoint = new Endpoint(this.origin + path, replies, options)
    this.#endpoints.set(path, endpoint)
    return endpoint
  }

  async close() {
    const closed = new Promise((resolve) => this.#http.close(resolve))
    this.#http.closeAllConnections()
    await closed
  }

  #serve(request, response) {
    const { pathname } = new URL(request.url, this.origin)
    const endpoint = this.#endpoints.get(pathname)
    if (endpoint) return endpoint.receive(request, response)
    const page = this.#pages.get(pathname)
    if (page) return respond(response, 200, { 'content-type': CONTENT_TYPES['.html'], ...page.headers }, page.html)
    return this.#serveFile(pathname, response)
  }

  async #serveFile(pathname, response) {
    const prefix = [...this.#folders.keys()].find((key) => pathname.startsWith(key))
    const path = prefix && join(this.#folders.get(prefix), normalize(`/${pathname.slice(prefix.length)}`))
    const bytes = path && await readFile(path).catch(() => undefined)
    if (!bytes) return respond(response, 404, {}, '')
    return respond(response, 200, { 'content-type': CONTENT_TYPES[extname(path)] ?? 'text/plain' }, bytes)
  }
}

function respond(response, status, headers, body) {
  response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body)
}
