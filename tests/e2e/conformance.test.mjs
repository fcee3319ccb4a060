/** HTML 9.2.5 and 9.2.6 as the tables of tests/conformance state them, played to both classes. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reply, stream } from './endpoint.mjs'
import { Oracle } from './oracle.mjs'
import { onEveryEngine } from './stage.mjs'
import { conformanceTables, finalLastEventId, typesOf } from './table.mjs'

const tables = await conformanceTables()
const allCases = tables.flatMap(({ cases }) => cases)

/** Browsers hold six HTTP/1.1 connections to a server. */
const CONNECTIONS = 6

/** The engines' default reconnection times. */
const DEFAULT_DELAY_MS = { chromium: 3000, firefox: 5000, webkit: 3000 }

/** How the server sends a stream. Where line ends are not the subject of a case, CR and CRLF mean the same. */
const sendings = [
  { name: 'whole', applies: () => true, chunks: ({ stream }) => [stream] },
  { name: 'byte by byte', applies: () => true, chunks: ({ stream }) => [...stream] },
  { name: 'with CR', applies: ({ expand }) => expand, chunks: ({ stream }) => [withLineEnds(stream, '\r')] },
  { name: 'with CRLF, byte by byte', applies: ({ expand }) => expand, chunks: ({ stream }) => [...withLineEnds(stream, '\r\n')] },
]

onEveryEngine('conformance', (stage) => {
  const oracle = new Oracle(stage.engineName)

  for (const { section, cases } of tables) {
    test(section, async (t) => {
      const played = []
      for (const sending of sendings) played.push(...await playSending(stage, cases.filter(sending.applies), sending))
      for (const row of cases) {
        await t.test(row.name, () => {
          for (const { sending, ours, native } of played.filter((one) => one.row === row)) {
            assert.deepEqual(ours.messages, row.messages, `our class, ${sending}`)
            assert.equal(ours.lastEventId, finalLastEventId(row), `our last event ID string, ${sending}`)
            assert.equal(ours.delayMs, delayMs(row), `our delay, ${sending}`)
            // The native class cannot be constructed with a last event ID. It gets one in a test of its own below.
            if (!row.initialLastEventId) oracle.check(row, native.messages, row.messages, sending)
          }
        })
      }
    })
  }

  // No page of WebKitGTK can make a byte stream: "ReadableByteStreamController is not implemented".
  const readables = stage.engineName === 'webkit' ? ['default'] : ['bytes', 'default']
  for (const readable of readables) {
    test(`every case comes out the same, one byte per read from a ${readable} stream`, async () => {
      const played = await play(stage, 'ours', allCases.map((row) => ({
        bytes: [...bytesOf(row.stream)],
        readable,
        types: typesOf(row),
        init: { lastEventId: row.initialLastEventId },
      })))
      assert.deepEqual(played.map(({ messages }) => messages), allCases.map(({ messages }) => messages))
    })
  }

  test('the last event ID string goes from one connection to the next', async () => {
    const cases = allCases.filter((row) => 'lastEventId' in row || 'initialLastEventId' in row)
    const expected = cases.map((row) => ({ messages: row.messages, sent: finalLastEventId(row) }))
    const sentByFetch = expected.map(({ messages, sent }) => ({ messages, sent: throughFetch(stage, sent) }))
    assert.deepEqual(await playBetweenConnections(stage, 'ours', cases), sentByFetch)
    const native = await playBetweenConnections(stage, 'native', cases)
    for (const [index, row] of cases.entries()) oracle.check(row, native[index], expected[index], row.name)
  })

  test('the native class takes the same reconnection times', async () => {
    const cases = allCases.filter(({ stream }) => stream.includes('retry'))
    const waited = await playAndWait(stage, cases)
    for (const [index, row] of cases.entries()) {
      const expected = row.reconnectionTime ?? DEFAULT_DELAY_MS[stage.engineName]
      // No table has two times that differ by less than a second.
      const asExpected = waited[index] > expected - 20 && waited[index] < expected + 900
      const isLong = waited[index] === undefined && expected > DEFAULT_DELAY_MS[stage.engineName]
      oracle.check(row, asExpected || isLong, true, `${row.name}: ${expected} ms, not ${waited[index]}`)
    }
  })

  test('the native class differs where the tables say so', () => {
    assert.deepEqual(oracle.unconfirmed(allCases), [])
  })
})

async function playSending(stage, cases, { name, chunks }) {
  const streams = () => cases.map((row) => ({
    url: stage.server.endpoint([stream(...chunks(row).map(bytesOf))]).url,
    types: typesOf(row),
    init: { lastEventId: row.initialLastEventId },
  }))
  const ours = await play(stage, 'ours', streams())
  const native = await play(stage, 'native', streams())
  return cases.map((row, index) => ({ row, sending: name, ours: ours[index], native: native[index] }))
}

/** Plays each case on the second of three connections and gives its messages and the `Last-Event-ID` of the third. */
async function playBetweenConnections(stage, side, cases) {
  const endpoints = cases.map(({ stream: text, initialLastEventId = '' }) =>
    stage.server.endpoint([stream(`retry: 1\nid: ${initialLastEventId}\nevent: unheard\ndata\n\n`), stream(bytesOf(text)), reply(204)]))
  const played = await play(stage, side, cases.map((row, index) => ({
    url: endpoints[index].url,
    types: typesOf(row),
    errors: 3,
  })))
  return cases.map((row, index) => ({
    messages: played[index].messages,
    sent: endpoints[index].requests[2].lastEventId ?? '',
  }))
}

/** How long the native class waits after each case; undefined if too long to measure. */
async function playAndWait(stage, cases) {
  const longest = DEFAULT_DELAY_MS[stage.engineName]
  const endpoints = cases.map(({ stream: text }) => stage.server.endpoint([stream(bytesOf(text)), reply(204)]))
  const streams = cases.map((row, index) => ({
    url: endpoints[index].url,
    types: typesOf(row),
    // A long wait is left at once, except where the engine is noted to wait otherwise.
    errors: (row.reconnectionTime ?? longest) > longest && !row.native?.[stage.engineName] ? 1 : 2,
  }))
  await play(stage, 'native', streams, cases.length)
  return Promise.all(endpoints.map(async ({ exchanges: [first, second] }) =>
    second && second.request.arrivedAt - (await first.closed).at))
}

function play(stage, side, streams, atOnce = CONNECTIONS) {
  return stage.evaluate(async (side, streams, atOnce) => {
    const { playStreams } = await import('/e2e/play-streams.mjs')
    return playStreams(side, streams, atOnce)
  }, side, streams, atOnce)
}

function bytesOf(byteString) {
  return Buffer.from(byteString, 'latin1')
}

function withLineEnds(text, lineEnd) {
  return text.replaceAll('\n', lineEnd)
}

/**
 * A header value as the server gets it. The fetch() of WebKit encodes the bytes above 7F as UTF-8 once more, which no
 * script can avoid; its native class does not go through fetch().
 */
function throughFetch({ engineName }, value) {
  return engineName === 'webkit' ? Buffer.from(value).toString('latin1') : value
}

/** [NON-SPEC] Ours waits 100 ms at least, and no longer than a timer can. */
function delayMs({ reconnectionTime = 3000 }) {
  return Math.min(Math.max(reconnectionTime, 100), 2 ** 31 - 1)
}
