/** A closed source leaves nothing behind, whatever it was doing. Only Chromium lets a page collect garbage. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hold, reply, silence, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

/** `npm run memory` asks for the long form: 10,000 sources and more. */
const { rounds, sourcesPerRound } = process.env.LONG ? { rounds: 17, sourcesPerRound: 40 } : { rounds: 3, sourcesPerRound: 12 }
const KB = 1024
const LARGE = `data: ${'x'.repeat(8000)}\n\n`

/** `act` ends a source of the page; `body` is what the response of a `fetch` of the page's own is made of. */
const states = [
  { name: 'at once', act: (source) => source.close() },
  { name: 'before the response', replies: silence, act: async (source, { asked }) => { await asked; source.close() } },
  { name: 'in the listener of open', act: async (source, { on }) => { await on('open', () => source.close()) } },
  { name: 'before the first event', replies: hold(':\n'), act: async (source, { on }) => { await on('open'); source.close() } },
  { name: 'in a listener of message', act: async (source, { on }) => { await on('message', () => source.close()) } },
  { name: 'while it reads', act: async (source, { on, task }) => { await on('message'); await task(); source.close() } },
  {
    name: 'between two tasks of a backlog',
    act: async (source) => { await new Promise((resolve) => { source.addEventListener('message', resolve, { once: true }) }); source.close() },
  },
  { name: 'by its signal', act: async (source, { on, abort }) => { await on('message'); abort() } },
  { name: 'in a loop over messages()', act: async (source) => { for await (const _message of source.messages()) break } },
  {
    name: 'while a loop waits',
    replies: hold(':\n'),
    act: async (source, { on }) => { const next = source.messages().next(); await on('open'); source.close(); await next },
  },
  { name: 'while it waits to reconnect', replies: stream(LARGE), act: async (source, { on }) => { await on('error'); source.close() } },
  { name: 'by a status', replies: reply(404, {}, 'no such stream'), act: (source, { on }) => on('error') },
  { name: 'by reconnect: false', replies: stream(LARGE), init: { reconnect: false }, act: (source, { on }) => on('error') },
  { name: 'while it reads a body of the page', body: 'endless', act: async (source, { on, task }) => { await on('message'); await task(); source.close() } },
  { name: 'by a status, a body of the page goes on', body: 'endless', status: 500, act: (source, { on }) => on('error') },
]

onEveryEngine('leaks', (stage) => {
  const options = { skip: stage.engineName !== 'chromium' }

  before(() => stage.server.folder('/faults/', fileURLToPath(new URL('../faults/', import.meta.url))))

  for (const { name, replies = hold(LARGE, LARGE), init = {}, body = 'network', status = 200, act } of states) {
    test(`${rounds * sourcesPerRound} sources, closed ${name}`, options, async (t) => {
      await stage.reload()
      const { url } = stage.server.endpoint(Array(2 * rounds * sourcesPerRound).fill(replies))
      const left = []
      while (left.length < rounds) left.push(await stage.evaluate(openAndClose, sourcesPerRound, url, init, body, status, String(act)))
      const [first, last] = [left[0], left.at(-1)]
      t.diagnostic(`first ${JSON.stringify(first)}, last ${JSON.stringify(last)}`)
      assert.deepEqual(last.alive, {}, 'objects that nothing should need')
      // The input buffer alone of each has 64 KiB.
      assert.ok(last.memory.wasm - first.memory.wasm <= 128 * KB, 'wasm memory grew')
      assert.ok(last.memory.instances <= 1, 'instances of the module')
      assert.ok(last.memory.heap - first.memory.heap < 256 * KB, 'the heap grew')
    })
  }
})

/** Opens and closes sources, some at a time, and waits until their parts are collected, or a time limit. */
async function openAndClose(count, url, init, body, status, act) {
  const { memoryUse } = await import('/faults/memory.mjs')
  const { EventSource } = await import('eventsource-wasm')
  const end = (0, eval)(`(${act})`)
  const task = () => new Promise((resolve) => { setTimeout(resolve) })
  const alive = {}
  const registry = new FinalizationRegistry((kind) => {
    alive[kind] -= 1
    if (alive[kind] === 0) delete alive[kind]
  })
  const watched = (kind, object) => {
    alive[kind] = (alive[kind] ?? 0) + 1
    registry.register(object, kind)
    return object
  }

  const endless = () => {
    let chunks = 0
    return new ReadableStream({
      type: 'bytes',
      pull(controller) {
        chunks += 1
        if (chunks > 2) return new Promise(() => {})
        controller.enqueue(new TextEncoder().encode('data: 1\n\n'))
      },
    })
  }
  const headers = { 'content-type': 'text/event-stream' }
  const fetchWatched = async (url, init) => {
    watched('signal', init.signal)
    const response = body === 'network' ? await fetch(url, init) : new Response(watched('stream', endless()), { status, headers })
    watched('response', response)
    if (response.body) watched('body', response.body)
    return response
  }

  const cycle = async () => {
    let ask
    const asked = new Promise((resolve) => { ask = resolve })
    const owner = watched('controller', new AbortController())
    const source = watched('source', new EventSource(url, {
      ...init,
      signal: owner.signal,
      fetch: (...parameters) => { ask(); return fetchWatched(...parameters) },
    }))
    const on = (type, listen) => new Promise((resolve) => {
      source.addEventListener(type, watched('listener', (event) => {
        watched('event', event)
        listen?.()
        resolve()
      }))
    })
    await end(source, { asked, on, task, abort: () => owner.abort() })
  }

  for (let done = 0; done < count; done += 4) {
    await Promise.all(Array.from({ length: 4 }, cycle))
    await task()
  }
  const patience = performance.now() + 5000
  do {
    await new Promise((resolve) => { setTimeout(resolve, 20) })
    globalThis.gc()
  } while (Object.keys(alive).length > 0 && performance.now() < patience)
  return { alive, memory: memoryUse() }
}
