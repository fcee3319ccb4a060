import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { replyBy } from '../faults/replies.mjs'
import { head } from '../faults/wire.mjs'
import { onEveryEngine } from './stage.mjs'

const MB = 1 << 20
const GB = 1 << 30

/** How much a server can send before the end: WebKit's network process keeps reading, however slow the page is. */
const READ_AHEAD = { chromium: 64 * MB, firefox: 64 * MB, webkit: GB }

onEveryEngine('endless answers', (stage) => {
  before(() => stage.server.folder('/faults/', fileURLToPath(new URL('../faults/', import.meta.url))))
  beforeEach(async () => {
    await stage.reload()
    await stage.evaluate(() => import('/faults/memory.mjs').then(() => {}))
  })

  const memoryUse = () => stage.evaluate(async () => (await import('/faults/memory.mjs')).memoryUse())

  for (const [start, what] of [['data: ', 'line of data'], [': ', 'comment'], ['', 'field name']]) {
    test(`a ${what} of 10 GB ends at the limit, and the connection with it`, async () => {
      let written
      const endpoint = stage.server.endpoint([replyBy(async (wire) => {
        await wire.write(head({ 'content-length': 10 * GB }))
        await wire.write(`data: 1\n\n${start}`)
        await wire.flood(Buffer.alloc(MB, 'x'), 10 * GB)
        written = wire.written
      })])
      const source = await stage.open('ours', endpoint.url)
      await source.until('error')
      const { events } = await source.read()
      assert.deepEqual(events.map(({ type, readyState, data }) => [type, readyState, data]), [
        ['open', 1, undefined],
        ['message', 1, '1'],
        ['error', 2, undefined],
      ])
      await (await endpoint.exchange(0)).closed
      assert.ok(written < READ_AHEAD[stage.engineName], `the server got rid of ${written} bytes`)
      const { wasm } = await memoryUse()
      // A growing buffer doubles up to twice the limit, and what it had before adds up to as much again.
      assert.ok(wasm < 80 * MB, `${wasm} bytes of wasm memory for a limit of 16 MiB`)
    })
  }

  test('256 MB of comments take no memory', async () => {
    const comments = Buffer.from(`: ${'x'.repeat(1020)}\n\n`.repeat(1024))
    let goOn
    const endpoint = stage.server.endpoint([replyBy(async (wire) => {
      await wire.write(head())
      await wire.flood(comments, comments.length)
      await wire.write('data: start\n\n')
      await new Promise((resolve) => { goOn = resolve })
      await wire.flood(comments, 256 * MB)
      await wire.write('data: end\n\n')
    })])
    const source = await stage.open('ours', endpoint.url)
    await source.until('message', 1)
    const before = await memoryUse()
    goOn()
    await source.until('message', 2)
    const after = await memoryUse()
    assert.equal(after.wasm, before.wasm)
    if (before.heap) assert.ok(after.heap - before.heap < MB, `the heap grew from ${before.heap} to ${after.heap} bytes`)
    await source.close()
  })
})
