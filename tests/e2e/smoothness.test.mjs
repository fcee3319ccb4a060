/** The page stays responsive: other tasks get their turn, whatever the stream holds and however fast it comes. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { describe, generate, names } from '../../www/bench/workloads.mjs'
import { onEveryEngine } from './stage.mjs'

/** Nothing of these ends a task by itself, so only a time slice can. */
const quiet = [
  { name: 'comments', text: ': a comment of some length, as servers send them\n' },
  { name: 'events that nobody listens for', text: 'event: other\ndata: nobody listens for this one\n\n' },
  { name: 'events with ids and no data', text: 'id: 1234567\n\n' },
  { name: 'reconnection times', text: 'retry: 1234567\n\n' },
  { name: 'unknown fields', text: 'unknown: 1234567\n\n' },
  { name: 'one line that does not end', text: 'x' },
  { name: 'messages', text: 'data: 1234567\n\n' },
]
const chunkSizes = [100, 65_536, 5_000_000]

const TURNS = 5
/** More than any machine needs, less than the page may take to answer. */
const PATIENCE_MS = 5000

/** What the listener does with an event. */
const LISTENER_MS = 0.05
/** How long listeners may run between two tasks. Measured by counting events: a busy machine only makes them fewer. */
const MOST_MS = 20
/** A timer may have to wait for several slices. */
const MOST_STALL_MS = 400
/** At most half a second of work for the listeners. */
const SCALES = { tiny: 0.02, big: 0.25, multiline: 0.5, split: 0.5, comments: 0.1 }

onEveryEngine('smoothness', (stage) => {
  for (const { name, text } of quiet) {
    for (const chunkBytes of chunkSizes) {
      test(`a body that always has more: ${name}, ${chunkBytes} bytes at a time`, async (t) => {
        const { turns, longestStall } = await stage.evaluate(readReadyBody, text, chunkBytes, TURNS, PATIENCE_MS)
        t.diagnostic(`a 4 ms timer waited ${longestStall.toFixed(0)} ms at most`)
        assert.ok(turns >= TURNS, `a timer had ${turns} turns in ${PATIENCE_MS} ms`)
      })
    }
  }

  before(() => stage.server.folder('/bench/', fileURLToPath(new URL('../../www/bench/', import.meta.url))))

  // The clocks of the others are too coarse for such a listener.
  const skip = stage.engineName !== 'chromium'

  const backlogs = names.map((name) => ({ name, inLoop: false }))
  for (const { name, inLoop } of [...backlogs, { name: 'tokens', inLoop: true }, { name: 'tiny', inLoop: true }]) {
    const by = inLoop ? ', in a loop over messages()' : ''
    test(`a backlog of ${describe(name).what}${by}: in order, open to its end, and never for long`, { skip }, async (t) => {
      const { writes, expected } = generate(name, SCALES[name] ?? 0.05)
      const endpoint = stage.server.endpoint([async (exchange) => {
        exchange.head(200, { 'content-type': 'text/event-stream' })
        await exchange.write(Buffer.concat(writes))
        exchange.end()
      }])
      const { received, states, mostAtATime, turns } = await stage.evaluate(hearBacklog, endpoint.url, describe(name).type, LISTENER_MS, inLoop)
      t.diagnostic(`${received.events} events, at most ${mostAtATime} between two tasks, ${turns} turns of a timer`)
      const { bytes, ...checksum } = expected
      assert.deepEqual(received, checksum)
      assert.deepEqual(states, ['message 1', 'error 0'])
      assert.ok(mostAtATime <= MOST_MS / LISTENER_MS, `${mostAtATime} events between two tasks`)
      assert.ok(turns >= Math.floor((received.events * LISTENER_MS) / MOST_STALL_MS), `a timer had ${turns} turns`)
    })
  }

  test('a listener that is slower than the server slows the server down', { skip }, async (t) => {
    const event = `data: ${'x'.repeat(65_500)}\n\n`
    const events = 1500
    let written = 0
    const endpoint = stage.server.endpoint([async (exchange) => {
      // Without no-store, Chromium reads ahead whatever the page does, to have the response for its cache.
      exchange.head(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      for (; written < events; written += 1) await exchange.write(event)
      exchange.end()
    }])
    await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      globalThis.heard = 0
      const source = new EventSource(url, { reconnect: false })
      source.onmessage = () => {
        globalThis.heard += 1
        const end = performance.now() + 2
        while (performance.now() < end);
      }
    }, endpoint.url)
    let most = 0
    for (let heard = 0; heard < events;) {
      // Read this first: what the page receives until it answers must not count as read ahead.
      const before = written
      heard = await stage.evaluate(() => new Promise((resolve) => { setTimeout(() => resolve(globalThis.heard), 20) }))
      most = Math.max(most, before - heard)
    }
    t.diagnostic(`at most ${most} events between server and listener`)
    assert.ok(most < events / 3, `${most} events of 64 KiB were read ahead`)
  })
})

/** Reads a body that ends when a timer has had its turns, or too much time has passed. */
async function readReadyBody(text, chunkBytes, turns, patienceMs) {
  const { EventSource } = await import('eventsource-wasm')
  const chunk = new TextEncoder().encode(text.repeat(Math.ceil(chunkBytes / text.length)))
  const start = performance.now()
  let last = start
  const seen = { turns: 0, longestStall: 0 }
  const look = () => {
    const now = performance.now()
    seen.longestStall = Math.max(seen.longestStall, now - last)
    last = now
  }
  const timer = setInterval(() => {
    look()
    seen.turns += 1
  }, 4)
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(chunk.slice())
      if (seen.turns >= turns || performance.now() - start > patienceMs) controller.close()
    },
  })
  const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const source = new EventSource('/unused', { fetch, reconnect: false, limits: { maxEventBytes: 2 ** 29 } })
  source.onmessage = () => {}
  await new Promise((resolve) => { source.onerror = resolve })
  look()
  clearInterval(timer)
  return seen
}

/** Hears all that comes until the stream ends, which takes so long for each, beside a task that always waits. */
async function hearBacklog(url, type, listenerMs, inLoop) {
  const { EventSource } = await import('eventsource-wasm')
  const { Checksum } = await import('/bench/checksum.mjs')
  const received = new Checksum()
  const states = []
  let [atATime, mostAtATime, turns] = [0, 0, 0]
  const timer = setInterval(() => { turns += 1 }, 4)
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    atATime = 0
    port2.postMessage(undefined)
  }
  port2.postMessage(undefined)
  const source = new EventSource(url)
  const see = (state) => {
    if (states.at(-1) !== state) states.push(state)
  }
  const hear = ({ data }) => {
    const end = performance.now() + listenerMs
    while (performance.now() < end);
    received.add(data)
    see(`message ${source.readyState}`)
    atATime += 1
    mostAtATime = Math.max(mostAtATime, atATime)
  }
  const ended = new Promise((resolve) => {
    source.onerror = () => {
      see(`error ${source.readyState}`)
      source.close()
      resolve()
    }
  })
  if (inLoop) for await (const message of source.messages()) hear(message)
  else source.addEventListener(type, hear)
  await ended
  clearInterval(timer)
  port1.close()
  return { received: { ...received }, states, mostAtATime, turns }
}
