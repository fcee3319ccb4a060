/** A subscription to a real GraphQL server (GraphQL Yoga, that of the demo), which breaks the connection in mid event. */

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { listen } from '../../www/demo/server.mjs'
import { onEveryEngine } from './stage.mjs'

const CLIENT = 'e2e'
const FROM = 12

onEveryEngine('GraphQL over POST', (stage) => {
  let server
  before(async () => { server = await listen() })
  after(() => server?.close())

  for (const { fault, kind } of [{ fault: 'cut', kind: 'network' }, { fault: 'drop', kind: 'network' }]) {
    test(`${fault}: every event arrives once, in order, and the end of the subscription is final`, async () => {
      const source = await stage.open('ours', `${server.url}/graphql`, {
        init: subscription({ from: FROM, intervalMs: 30 }),
        types: ['next', 'complete'],
      })
      await source.until('next', 3)
      const witness = await witnessOf(server)
      await breakStreams(server, fault)
      if (fault === 'cut') assert.doesNotMatch(await witness.received, /\n\n$/, 'what a plain client got was cut in mid event')
      await source.until('complete')
      await source.until('error', 2)

      const { events } = await source.read()
      const next = events.filter(({ type }) => type === 'next')
      assert.deepEqual(next.map(({ data }) => JSON.parse(data)), countdown().map((value) => ({ data: { countdown: value } })))
      assert.deepEqual(next.map(({ lastEventId }) => lastEventId), countdown().map((_, index) => `${index + 1}`))
      const others = events.filter(({ type }) => type !== 'next')
      assert.deepEqual(others.map(({ type, readyState }) => `${type} ${readyState}`), [
        'open 1', 'error 0', 'open 1', 'complete 1', 'error 2',
      ])

      const [broken, ended] = await source.errors()
      assert.deepEqual([broken.kind, broken.willReconnect, ended.kind, ended.willReconnect], [kind, true, 'end', false])
      const resumedAt = events.findIndex(({ type }) => type === 'error') - 1
      assert.deepEqual(await stage.evaluate(() => globalThis.attempts), ['', events[resumedAt].lastEventId])
    })
  }

  test('a query that the server refuses is answered in the stream, once', async () => {
    const source = await stage.open('ours', `${server.url}/graphql`, {
      init: subscription({ from: -1, intervalMs: 30 }),
      types: ['next', 'complete'],
    })
    await source.until('complete')
    await source.until('error')
    const { events } = await source.read()
    assert.deepEqual(events.map(({ type }) => type), ['open', 'next', 'complete', 'error'])
    assert.match(JSON.parse(events[1].data).errors[0].message, /from/)
  })
})

function operation(variables) {
  const query = 'subscription ($from: Int!, $intervalMs: Int!) { countdown(from: $from, intervalMs: $intervalMs) }'
  return JSON.stringify({ query, variables })
}

/** The init, as a function of the page that notes the last event ID of every attempt. */
function subscription(variables) {
  return `() => {
    globalThis.attempts = []
    return {
      method: 'POST',
      headers: ({ lastEventId }) => {
        globalThis.attempts.push(lastEventId)
        return { 'content-type': 'application/json', 'x-client': '${CLIENT}' }
      },
      body: ${JSON.stringify(operation(variables))},
    }
  }`
}

/** A client without a parser, whose stream breaks together with that of the page. */
async function witnessOf({ url }) {
  const { body } = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', 'x-client': CLIENT },
    body: operation({ from: FROM, intervalMs: 30 }),
  })
  return { received: textUntilBroken(body) }
}

async function textUntilBroken(body) {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of body) text += decoder.decode(chunk, { stream: true })
  } catch {
    return text
  }
  throw new Error('the stream was not broken')
}

async function breakStreams({ url }, fault) {
  const response = await fetch(`${url}/faults?client=${CLIENT}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault }),
  })
  assert.deepEqual(await response.json(), { streams: 2 })
}

function countdown() {
  return Array.from({ length: FROM + 1 }, (_, index) => FROM - index)
}
