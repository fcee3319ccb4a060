/** The client and real servers, in both modes. */

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { reply } from '../e2e/endpoint.mjs'
import { onEveryRealm } from './realms.mjs'
import { startServer } from './servers.mjs'

const OPERATIONS = 100
const counted = [1, 2, 3].map((count) => ({ data: { count } }))
const modes = ['distinct', 'single']
const next = (message) => [new RegExp(`^{"errors":.*${message}`), 'complete']
const refusal = (status, message) => [new RegExp(`^{"error":.*${message}.*"status":${status}`)]

/** What a client is told about invalid documents. Yoga's plugin gives no better message. */
const answers = {
  'graphql-sse': {
    distinct: { invalid: next('Cannot query field'), unparsable: refusal(400, 'Syntax Error'), refused: next('Not for you') },
    single: { invalid: refusal(400, 'Cannot query field'), unparsable: refusal(400, 'Syntax Error'), refused: next('Not for you') },
  },
  'GraphQL Yoga': {
    distinct: { invalid: next('Cannot query field'), unparsable: next('Syntax Error'), refused: refusal(401, 'Not for you') },
    single: { invalid: refusal(400, 'Unable to detect'), unparsable: refusal(500, 'the status is 500'), refused: refusal(400, 'Unable to detect') },
  },
}

onEveryRealm('servers', (realm) => {
  for (const [name, said] of Object.entries(answers)) {
    for (const mode of modes) {
      describe(`${name}, ${mode}`, () => {
        let server, options
        before(async () => {
          server = await startServer(name)
          options = { url: server[`${mode}Url`], singleConnection: mode === 'single', reconnect: { maxBackoffMs: 0 } }
        })
        beforeEach(() => { server.requests = [] })
        after(() => server?.close())

        for (const { what, query, expected } of [
          { what: 'a subscription', query: 'subscription { count(to: 3) }', expected: [...counted, 'complete'] },
          { what: 'a query', query: '{ hello }', expected: [{ data: { hello: 'world' } }, 'complete'] },
          { what: 'a mutation', query: 'mutation { add }', expected: [/"add":/, 'complete'] },
          { what: 'a document that is not valid', query: 'subscription { nothing }', expected: said[mode].invalid },
          { what: 'a document that cannot be parsed', query: 'subscription {', expected: said[mode].unparsable },
          { what: 'a resolver that refuses', query: 'subscription { forbidden }', expected: said[mode].refused },
        ]) {
          test(what, async () => {
            const heard = await realm.run(({ createClient, outcome }, options, query) => outcome(createClient(options), { query }), options, query)
            assertLike(heard, expected)
            if (what === 'a mutation') assert.equal(server.count('POST'), 1)
          })
        }

        if (name === 'graphql-sse') {
          test('a source that throws is tried five times, then fails', async () => {
            const heard = await realm.run(({ createClient, outcome }, options, query) => outcome(createClient(options), { query }), options, 'subscription { failing }')
            assert.deepEqual(heard.slice(0, -1), Array(5).fill({ data: { failing: 1 } }))
            assert.equal(heard.at(-1).error.kind, 'truncated')
          })
        }

        test('unsubscribing leaves nothing behind on the server', async () => {
          const running = realm.run(async ({ createClient, Recording }, options, query) => {
            const [first, second] = [new Recording(), new Recording()]
            const client = createClient(options)
            const ends = [first, second].map((recording, index) => client.subscribe({ query, variables: { name: `${index}` } }, recording))
            await Promise.all([first.until(1), second.until(1)])
            ends[0]()
            await second.until(2)
            ends[1]()
            return [first.heard, second.heard]
          }, options, NEWS)
          await server.until(() => server.readers === 2)
          await server.until(() => server.readers === 1)
          server.publish('more')
          const news = (...texts) => texts.map((text) => ({ data: { news: text } }))
          assert.deepEqual(await running, [news('0'), news('1', 'more')])
          await server.until(() => server.readers === 0 && server.openStreams === 0)
        })

        test('a drop, and a token that expires meanwhile', async () => {
          server.token = 'first'
          server.started = 0
          const running = realm.run(async ({ createClient, Recording, eventLog }, options, query, drop) => {
            const { log, on } = eventLog()
            let token = 'first'
            const headers = ({ reason }) => {
              if (reason === 'http') token = 'second'
              return { authorization: token }
            }
            const recording = new Recording()
            const end = createClient({ ...options, headers, on }).subscribe({ query, variables: { name: 'a' } }, recording)
            await recording.until(1)
            void fetch(drop)
            await recording.until(3)
            end()
            return { heard: recording.heard, log }
          }, options, NEWS, dropper(realm, server, 'second'))
          await server.until(() => server.started === 2)
          server.publish('more')
          const { heard, log } = await running
          assert.deepEqual(heard.map(({ data }) => data.news), ['a', 'a', 'more'])
          assert.deepEqual(log.filter((line) => /^(retrying|connected)/.test(line)), ['connected false', 'retrying network', 'retrying http', 'connected true'])
          server.token = undefined
        })
      })
    }

    test(`${name}: ${OPERATIONS} operations over one stream, which drops`, async () => {
      const server = await startServer(name)
      try {
        const running = realm.run(async ({ createClient, Recording }, options, query, count, drop) => {
          const client = createClient(options)
          const recordings = Array.from({ length: count }, (_, index) => {
            const recording = new Recording()
            client.subscribe({ query, variables: { name: `${index}` } }, recording)
            return recording
          })
          await Promise.all(recordings.map((recording) => recording.until(1)))
          void fetch(drop)
          await Promise.all(recordings.map((recording) => recording.until(3)))
          client.dispose()
          return recordings.map(({ heard }) => heard.slice(0, 3).map(({ data }) => data.news).join())
        }, { url: server.singleUrl, singleConnection: true, reconnect: { maxBackoffMs: 0 } }, NEWS, OPERATIONS, dropper(realm, server))
        await server.until(() => server.started === 2 * OPERATIONS)
        server.publish('more')
        const names = Array.from({ length: OPERATIONS }, (_, index) => `${index}`)
        assert.deepEqual(await running, names.map((name) => `${name},${name},more`))
        assert.deepEqual(['PUT', 'GET', 'POST'].map((method) => server.count(method)), [2, 2, 2 * OPERATIONS])
        await server.until(() => server.openStreams === 0 && server.readers === 0)
      } finally {
        await server.close()
      }
    })
  }
})

const NEWS = 'subscription ($name: String!) { news(name: $name) }'

/** A URL whose requests break the streams of a server, which takes no other token afterwards. */
function dropper(realm, server, token) {
  return realm.server.endpoint([async (exchange) => {
    server.token = token
    server.drop()
    await reply(204)(exchange)
  }]).url
}

/** Compares with values, and their JSON with patterns. */
function assertLike(heard, expected) {
  assert.equal(heard.length, expected.length, JSON.stringify(heard))
  for (const [index, one] of expected.entries()) {
    if (one instanceof RegExp) assert.match(JSON.stringify(heard[index]), one)
    else assert.deepEqual(heard[index], one)
  }
}
