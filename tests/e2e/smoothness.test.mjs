/** The page goes on beside any stream: other tasks get their turn, whatever the stream holds and however fast it comes. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
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
