/** The clients of MCP with our `fetch`, as docs/llm.md has it, and servers of the SDK behind a proxy that breaks connections. */

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CuttingProxy } from './cutting-proxy.mjs'
import { clientOf, resumableServer, sseServer, statelessServer } from './mcp-servers.mjs'
import { fromPage, imported } from './page.mjs'

/** A server behind a proxy, for the tests of one `describe`. */
function behindProxy(makeServer) {
  const stage = { proxy: new CuttingProxy() }
  before(async () => {
    stage.server = await makeServer()
    await stage.proxy.start(stage.server.port)
  })
  after(() => {
    stage.proxy.close()
    stage.server?.close()
  })
  return stage
}

/** Logs what a client receives; `until(predicate)` resolves once an entry satisfies it. */
function heardBy(client, method = 'onmessage') {
  const entries = []
  const waiting = new Set()
  const add = (entry) => {
    entries.push(entry)
    for (const look of waiting) look()
  }
  const { transport } = client
  const before = transport[method]
  transport[method] = (entry, ...more) => {
    add(entry)
    return before?.(entry, ...more)
  }
  return {
    entries,
    until: (predicate) => new Promise((resolve) => {
      const look = () => {
        if (!entries.some(predicate)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    }),
  }
}

describe('streamable HTTP of 2025-11-25', () => {
  const stage = behindProxy(resumableServer)
  const call = (client, args, timeout = 20_000) => client.callTool({ name: 'count', arguments: args }, undefined, { timeout })
  const open = async () => clientOf((await fromPage('connectTo', { "'auto'": '500' }))(`${stage.proxy.origin}/mcp`))

  test('a call that is cut after every byte is answered, and notifications before the answer arrive once', async () => {
    const client = await open()
    const { entries } = heardBy(client)
    await call(client, { cut: 1_000_000 })
    const whole = stage.proxy.bodies.get(1_000_000)
    // Before the first event has come there is nothing to resume from: that is an error, and the SDK lets the call time out.
    const first = whole.indexOf('\n\n') + 2
    const cuts = Array.from({ length: whole.length - first }, (_, index) => first + index).values()
    await Promise.all(Array.from({ length: 16 }, async () => {
      for (const cut of cuts) assert.deepEqual((await call(client, { cut })).content, [{ type: 'text', text: `counted ${cut}` }])
    }))
    for (let cut = first; cut < whole.length; cut += 1) {
      assert.equal(entries.filter(({ params }) => params?.data?.cut === cut).length, 1, `cut after ${cut} bytes`)
    }
    await client.close()
  })

  test('a call that is cut before its first event is an error, and is not repeated', async () => {
    const client = await open()
    const errors = heardBy(client, 'onerror')
    const answer = call(client, { cut: 3 }, 1000)
    await errors.until(({ message }) => /before it was complete|broke off/.test(message))
    await assert.rejects(answer, /timed out/)
    await client.close()
  })

  test('a call that falls silent resumes', async () => {
    const client = await open()
    const { content } = await call(client, { cut: 150, stall: true })
    assert.deepEqual(content, [{ type: 'text', text: 'counted 150' }])
    await client.close()
  })

  test('the stream of the server keeps its last event ID however often it breaks', async () => {
    const client = await open()
    const heard = heardBy(client)
    await stage.proxy.get()
    await stage.server.notify('one')
    await heard.until(({ params }) => params?.data === 'one')
    // The second connection brings nothing before it breaks.
    for (let count = 0; count < 2; count += 1) (await stage.proxy.get())()
    await stage.server.notify('two')
    await heard.until(({ params }) => params?.data === 'two')
    assert.deepEqual(heard.entries.flatMap(({ params }) => params?.data ?? []), ['one', 'two'])
    await client.close()
  })
})

describe('the SSE transport of 2024-11-05', () => {
  const stage = behindProxy(sseServer)

  test('a stream that goes silent is an error, and the SDK connects again', async () => {
    const client = await clientOf((await fromPage('connectBySse', { "'auto'": '500' }))(`${stage.proxy.origin}/sse`))
    const errors = heardBy(client, 'onerror')
    assert.equal((await client.listTools()).tools.length, 1)
    await errors.until(({ message }) => /nothing more arrived in time/.test(message))
    await client.close()
  })
})

describe('streamable HTTP of 2026-07-28', () => {
  const stage = behindProxy(statelessServer)
  let client
  before(async () => {
    const { Client } = await imported('@modelcontextprotocol/client')
    client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    await client.connect((await fromPage('connectOnce', { "'auto'": '500' }))(`${stage.proxy.origin}/mcp`))
  })
  after(() => client?.close())
  const call = (args, timeout = 20_000) => client.callTool({ name: 'count', arguments: args }, { timeout, onprogress: () => {} })

  test('a call is answered', async () => {
    const { content } = await call({ cut: 1_000_000 })
    assert.deepEqual(content, [{ type: 'text', text: 'counted 1000000' }])
  })

  for (const [name, args, message] of [['is cut', { cut: 100 }, /broke off/], ['falls silent', { cut: 101, stall: true }, /nothing more arrived in time/]]) {
    test(`a call that ${name} is an error at once, and is not repeated`, async () => {
      const errors = heardBy(client, 'onerror')
      // The SDK does not report it to the caller who awaits the answer.
      const answer = assert.rejects(call(args, 2000), /timed out/)
      await errors.until((error) => message.test(error.message))
      await answer
    })
  }
})
