// Serves the page, its scripts and the workloads. A separate process, so that it takes no time from the runner.
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { describe, generate } from './workloads.mjs'

const scripts = new Map()
const generated = new Map()

const workload = (name, scale) => {
  const key = `${name} ${scale}`
  if (!generated.has(key)) generated.set(key, generate(name, scale))
  return generated.get(key)
}

const eventStream = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.flushHeaders()
}

/** Writes no faster than the page reads. */
const send = (response, writes) => {
  eventStream(response)
  Readable.from(writes).pipe(response)
}

const now = () => performance.timeOrigin + performance.now()

/** One event every millisecond, each with the time at which it was written. */
const metronome = (response, count) => {
  eventStream(response)
  let sent = 0
  const start = now()
  const timer = setInterval(() => {
    // A late timer sends all events that are due, each with the current time.
    for (const due = Math.min(count, now() - start); sent < due; sent += 1) response.write(`data: ${now()}\n\n`)
    if (sent >= count || response.destroyed) clearInterval(timer)
  }, 1)
}

/** One event with the arrival time of the request; `delay` simulates the round trip to the server. */
const first = (response, delay) => {
  const requested = now()
  const answer = () => {
    eventStream(response)
    response.write(`data: ${requested}\n\n`)
  }
  if (delay > 0) setTimeout(answer, delay)
  else answer()
}

const routes = {
  '/': (response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>benchmark</title>'),
  '/workload': (response, query) => send(response, workload(query.get('name'), Number(query.get('scale'))).writes),
  '/metronome': (response, query) => metronome(response, Number(query.get('count'))),
  '/first': (response, query) => first(response, Number(query.get('delay'))),
}

const server = createServer((request, response) => {
  // Only isolated pages get clocks with microsecond resolution.
  response.setHeader('cross-origin-opener-policy', 'same-origin')
  response.setHeader('cross-origin-embedder-policy', 'require-corp')
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const script = scripts.get(pathname)
  if (script !== undefined) response.setHeader('content-type', 'text/javascript').end(script)
  else if (pathname in routes) routes[pathname](response, searchParams)
  else response.writeHead(404).end()
})

process.on('message', ({ script, prepare }) => {
  if (script) scripts.set(script.path, script.text)
  if (prepare) {
    const { expected } = workload(prepare.name, prepare.scale)
    process.send({ expected, ...describe(prepare.name) })
  }
})
process.on('disconnect', () => process.exit())

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
