// Serves the files of some folders and the feed, for examples that are plain files.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { feed } from './feed.mjs'

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' }

/** Serves `folders`, a map from path prefixes to folders, and the feed at `/prices`. */
export function serve(folders) {
  const fileOf = (path) => {
    const [prefix, folder] = Object.entries(folders).find(([prefix]) => path.startsWith(prefix)) ?? []
    if (folder === undefined) return undefined
    const file = join(folder, normalize(`/${path.slice(prefix.length) || 'index.html'}`))
    return existsSync(file) && statSync(file).isFile() ? file : undefined
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    if (pathname === '/prices') return feed(request, response)
    const file = fileOf(pathname)
    if (file === undefined) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
    return createReadStream(file).pipe(response)
  })
  server.listen(Number(process.env.PORT ?? 3000), () => console.log(`http://localhost:${server.address().port}`))
}
