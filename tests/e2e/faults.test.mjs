import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { assertOneConnectionAtATime } from '../faults/connections.mjs'
import { cuts } from '../faults/cuts.mjs'
import { faults } from '../faults/faults.mjs'
import { encoded, eventsAfter, messages, prologue } from '../faults/log.mjs'
import { prelude, replyBy, sound } from '../faults/replies.mjs'
import { RestartableServer } from '../faults/restartable-server.mjs'
import { hold, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

/** How many sources one call to the page plays; it has ten seconds to answer. */
const SOURCES_PER_CALL = 50

const clients = [
  { who: 'native', side: 'native', init: {} },
  { who: 'ours', side: 'ours', init: {} },
  { who: 'ours with reconnect', side: 'ours', init: { reconnect: true } },
]

onEveryEngine('faults', (stage) => {
  before(() => stage.server.folder('/faults/', fileURLToPath(new URL('../faults/', import.meta.url))))

  for (const { who, side, init } of clients) {
    const skip = (native) => (side === 'native' && native?.[stage.engineName]) ?? false

    for (const fault of faults) {
      const { name, play, times = 1, native } = fault
      test(`${name} (${who})`, { skip: skip(native) }, async () => {
        const endpoint = stage.server.endpoint([prelude, ...Array(times).fill(replyBy(play)), sound])
        const [result] = await playAll(side, init, [endpoint])
        assert.deepEqual(result, expected(side, fault))
        await assertOneConnectionAtATime(endpoint)
      })
    }

    for (const fault of cuts) {
      const { name, cut, native } = fault
      test(`cut after every byte: ${name} (${who})`, { skip: skip(native) }, async () => {
        const whole = eventsAfter('1')
        const endpoints = Array.from({ length: whole.length }, (_, length) =>
          stage.server.endpoint([prelude, replyBy((wire, bytes) => cut(wire, bytes.subarray(0, length))), sound]))
        const results = await playAll(side, init, endpoints)
        for (const [length, result] of results.entries()) {
          const after = `after ${length} bytes: ${JSON.stringify(whole.subarray(0, length).toString())}`
          assert.deepEqual(result, expected(side, fault), after)
          await assertOneConnectionAtATime(endpoints[length])
        }
      })
    }

    test(`a stalled stream is waited for, and resumed once it breaks (${who})`, async () => {
      const endpoint = stage.server.endpoint([prelude, hold(encoded(messages[1])), sound])
      const source = await stage.open(side, endpoint.url, { init, types: ['end'] })
      await source.until('message', 2)
      const stalled = await endpoint.exchange(1)
      stalled.socket.resetAndDestroy()
      await source.until('end')
      await source.close()
      assert.deepEqual(await dataOf(source), messages.map(({ data }) => data))
      await assertOneConnectionAtATime(endpoint)
    })

    const noServer = { firefox: 'the platform fails the connection for good' }
    test(`a server that is gone for a while is found again (${who})`, { skip: skip(noServer) }, async (t) => {
      const replies = [stream(prologue), hold(eventsAfter('1'))]
      const server = new RestartableServer(replies, { origin: stage.server.origin })
      t.after(() => server.stop())
      await server.start()
      const source = await stage.open(side, server.endpoint.url, { init, types: ['end'] })
      await source.until('message')
      await server.stop()
      // The end of the prelude, then requests that nobody takes.
      await source.until('error', 4)
      await server.start()
      await source.until('end')
      await source.close()
      assert.deepEqual(await dataOf(source), messages.map(({ data }) => data))
    })
  }

  /** The prelude ends, too. The platform's error events have no kind. */
  function expected(side, { errors, errorsIn, finalIn }) {
    const final = finalIn?.[stage.engineName]
    const kinds = ['end', ...(final ? [final] : errorsIn?.[stage.engineName] ?? errors)]
    return {
      outcome: final ? 'closed' : 'complete',
      messages: final ? messages.slice(0, 1) : messages,
      errors: side === 'native' ? kinds.map(() => 'error') : kinds,
    }
  }

  async function playAll(side, init, endpoints) {
    const results = []
    for (let at = 0; at < endpoints.length; at += SOURCES_PER_CALL) {
      const urls = endpoints.slice(at, at + SOURCES_PER_CALL).map(({ url }) => url)
      results.push(...await stage.evaluate(async (side, init, urls) => {
        const { playAll } = await import('/faults/play.mjs')
        return playAll(side, urls, init)
      }, side, init, urls))
    }
    return results
  }
})

async function dataOf(source) {
  const { events } = await source.read()
  return events.filter(({ type }) => type === 'message').map(({ data }) => data)
}
