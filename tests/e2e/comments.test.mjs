/** The option `onComment`: comments, in their place among the messages. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

/** Each piece is sent when the page has logged what came before. */
const table = [
  {
    name: 'comments come in order with the messages',
    pieces: [': a\n\ndata: b\n\n:c\n\nid: 1\n\n: d\ndata: e\n\n:\n'],
    log: ['(a)', 'b', '(c)', '(d)', 'e', '()'],
  },
  {
    name: 'a comment inside an event comes before it, and the event is whole',
    pieces: ['data: a\n: b\ndata: c\n\ndata: d\n\n'],
    log: ['(b)', 'a\nc', 'd'],
  },
  {
    name: 'a comment comes as soon as its line has ended',
    pieces: ['data: a\n: b\n', ':c\n', 'data: d\n\n'],
    log: ['(b)', '(c)', 'a\nd'],
  },
  {
    name: 'comments and messages beyond ASCII',
    pieces: [': é\ndata: 豆\n: \u{1F600}\n\n:\uFEFFa\n'],
    log: ['(é)', '(\u{1F600})', '豆', '(\uFEFFa)'],
  },
  {
    name: 'a comment under way when the stream ends is none',
    pieces: [': a\n: b'],
    log: ['(a)', 'error'],
    ends: true,
  },
  {
    name: 'real events keep the order as well',
    init: { events: 'platform' },
    pieces: [': a\ndata: b\n\n: c\n\ndata: d\n\n'],
    log: ['(a)', 'b', '(c)', 'd'],
  },
  {
    name: 'close() in a listener is the end of comments',
    pieces: [': a\ndata: close\n\n: b\n\ndata: c\n\n'],
    log: ['(a)', 'close'],
  },
  {
    name: 'close() in `onComment` is the end of messages and comments',
    pieces: ['data: a\n\n: close\n: b\n\ndata: c\n\n'],
    log: ['a', '(close)'],
  },
  {
    name: 'no comment follows the message that completes the stream',
    init: { complete: true },
    pieces: [': a\ndata: [DONE]\n\n: b\n'],
    log: ['(a)', '[DONE]'],
  },
  {
    name: 'a listener that `onComment` adds hears the next event',
    pieces: ['data: a\n\n: listen\nevent: new\ndata: b\n\n'],
    log: ['a', '(listen)', 'new b'],
  },
  {
    name: 'an `onComment` that throws is reported and stops nothing',
    pieces: [': throw\n: a\ndata: b\n\n: throw\n'],
    log: ['(throw)', '(a)', 'b', '(throw)'],
    uncaught: 2,
  },
]

/** Runs in the page: a source that logs its events and comments. */
async function listen(url, { complete, ...init }) {
  const { EventSource } = await import('eventsource-wasm')
  const log = globalThis.log = []
  const source = globalThis.source = new EventSource(url, {
    ...init,
    reconnect: false,
    complete: complete && (({ data }) => data === '[DONE]'),
    onComment: (comment) => {
      log.push(`(${comment})`)
      if (comment === 'close') source.close()
      if (comment === 'listen') source.addEventListener('new', ({ data }) => log.push(`new ${data}`))
      if (comment === 'throw') throw new Error('onComment')
    },
  })
  source.onmessage = ({ data }) => {
    log.push(data)
    if (data === 'close') source.close()
  }
  source.onerror = () => log.push('error')
}

onEveryEngine('comments', (stage) => {
  const logOf = (entries) => stage.evaluate(async (entries) => {
    while (globalThis.log.length < entries) await new Promise((resolve) => setTimeout(resolve, 1))
    // Any surplus event would have arrived by now.
    await fetch('/page', { cache: 'no-store' }).then((response) => response.text())
    return globalThis.log
  }, entries)

  for (const { name, init = {}, pieces, log, ends = false, uncaught = 0 } of table) {
    test(name, async () => {
      const [first, ...rest] = pieces
      const endpoint = stage.server.endpoint([ends ? stream(first) : hold(first)])
      await stage.evaluate(listen, endpoint.url, init)
      const exchange = await endpoint.exchange(0)
      for (const [index, piece] of rest.entries()) {
        await logOf(index + 1)
        await exchange.write(piece)
      }
      assert.deepEqual(await logOf(log.length), log)
      await stage.evaluate(() => globalThis.source.close())
      assert.equal((await stage.browser.takeUncaught()).length, uncaught)
    })
  }

  test('a slow `onComment` leaves the page time to paint', async () => {
    const endpoint = stage.server.endpoint([hold(':\n'.repeat(100))])
    const heardAtPaint = await stage.evaluate(async (url) => {
      const { EventSource } = await import('eventsource-wasm')
      return new Promise((resolve) => {
        let heard = 0
        let heardAtPaint
        const source = new EventSource(url, {
          onComment: () => {
            if (heard === 0) requestAnimationFrame(() => { heardAtPaint = heard })
            heard += 1
            const start = performance.now()
            while (performance.now() - start < 2);
            if (heard < 100) return
            source.close()
            resolve(heardAtPaint)
          },
        })
      })
    }, endpoint.url)
    assert.ok(heardAtPaint < 100)
  })
})
