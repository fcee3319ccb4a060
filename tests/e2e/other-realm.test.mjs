/** Objects of another realm, an iframe, are accepted as `fetch` accepts them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

onEveryEngine('another realm', (stage) => {
  const inFrame = async (script) => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    return stage.evaluate(async (url, script) => {
      const { EventSource } = await import('eventsource-wasm')
      const frame = document.body.appendChild(document.createElement('iframe'))
      const result = await (0, eval)(`(${script})`)({ EventSource, other: frame.contentWindow, url })
      frame.remove()
      return result
    }, endpoint.url, String(script))
  }

  test('a signal', async () => {
    assert.deepEqual(await inFrame(async ({ EventSource, other, url }) => {
      const controller = new other.AbortController()
      const source = new EventSource(url, { signal: controller.signal })
      await new Promise((resolve) => { source.onmessage = resolve })
      controller.abort('enough')
      return [source.readyState, await source.closed.catch((reason) => reason)]
    }), [2, 'enough'])
  })

  test('a response, its headers and its stream', async () => {
    assert.equal(await inFrame(async ({ EventSource, other, url }) => {
      const source = new EventSource(url, { headers: new other.Headers({ 'x-test': '1' }), fetch: (input, init) => other.fetch(input, init) })
      const { data } = await new Promise((resolve) => { source.onmessage = resolve })
      source.close()
      return data
    }), 'a')
  })

  test('a stream', async () => {
    assert.deepEqual(await inFrame(async ({ EventSource, other }) => {
      const stream = new other.ReadableStream({ start: (controller) => controller.enqueue(new other.TextEncoder().encode('data: b\n\n')) })
      const source = EventSource.fromReadableStream(stream)
      const { data } = await new Promise((resolve) => { source.onmessage = resolve })
      source.close()
      return data
    }), 'b')
  })

  test('a form and a Blob as bodies', async () => {
    assert.equal(await inFrame(async ({ EventSource, other, url }) => {
      for (const body of [new other.FormData(), new other.Blob(['x']), new other.Uint8Array(1), new other.URLSearchParams('a=1')]) {
        new EventSource(url, { method: 'POST', body }).close()
      }
      return 'taken'
    }), 'taken')
  })
})
