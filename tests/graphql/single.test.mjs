/** One connection for all operations: the protocol's faults, one by one. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, reply, silence } from '../e2e/endpoint.mjs'
import { onEveryRealm } from './realms.mjs'
import { mutation, subscription } from './wires.mjs'

const json = { 'content-type': 'application/json' }
const refused = { errors: [{ message: 'Refused' }] }
const refuse = (status) => reply(status, json, JSON.stringify(refused))
const failure = (more) => ({ error: { name: 'GraphQLStreamError', ...more } })
const refusal = (status) => failure({ message: 'Refused', kind: 'http', status, errors: refused.errors })
const noStream = failure({ message: 'Refused', kind: 'mime', status: 200, errors: refused.errors })
const event = (type, value) => `event: ${type}\ndata: ${JSON.stringify(value)}\n\n`
const accept = reply(202)
const hold404 = async (exchange) => {
  exchange.head(404, { 'content-type': 'text/html' })
  await exchange.write('<p>')
}

/**
 * An endpoint with answers for each method, the last of which is for all that follow. What it does by itself: a new token for
 * each reservation, an open stream, 202 for an operation. `stream` and `operations` resolve to what there is of those.
 */
function singleServer(realm, { PUT = [], GET = [], POST = [], DELETE = [] } = {}) {
  let tokens = 0
  const answers = {
    PUT: [...PUT, (exchange) => reply(201, { 'content-type': 'text/plain' }, `token ${tokens += 1}`)(exchange)],
    GET: [...GET, hold(':\n\n')],
    POST: [...POST, accept],
    DELETE: [...DELETE, reply(200)],
  }
  const seen = { PUT: [], GET: [], POST: [], DELETE: [] }
  const waiting = []
  const dispatch = async (exchange) => {
    const { method } = exchange.request
    const list = answers[method]
    seen[method].push(exchange)
    await (list.length > 1 ? list.shift() : list[0])(exchange)
    for (const wake of waiting.splice(0)) wake()
  }
  const endpoint = realm.server.endpoint(Array(200).fill(dispatch))
  /** Resolves to the request with this method and number. */
  const nth = async (method, index) => {
    while (seen[method].length <= index) await new Promise((resolve) => waiting.push(resolve))
    return seen[method][index]
  }
  const body = async (index) => JSON.parse((await nth('POST', index)).request.body)
  /** Requests that are made at one moment arrive in any order. */
  const named = async (name) => {
    for (let index = 0; ; index += 1) {
      const parameters = await body(index)
      if (parameters.variables?.name === name) return parameters
    }
  }
  return {
    url: endpoint.url,
    nth,
    named,
    body,
    counts: () => Object.values(seen).map(({ length }) => length).join(' '),
    token: async (method, index) => (await nth(method, index)).request.headers['x-graphql-event-stream-token'],
    /** Sends an event for an operation by the number of its request, or by what its variable `name` is. */
    async send(stream, type, operation, payload) {
      const { extensions: { operationId } } = typeof operation === 'number' ? await body(operation) : await named(operation)
      await (await nth('GET', stream)).write(event(type, { id: operationId, ...(payload && { payload }) }))
    },
  }
}

const data = (n) => ({ data: { count: n } })
const single = { singleConnection: true, reconnect: { maxBackoffMs: 0 } }

onEveryRealm('single connection', (realm) => {
  const outcome = (server, request, options = single) => realm.run(({ createClient, outcome }, url, options, request) =>
    outcome(createClient({ url, ...options }), request), server.url, options, request)

  test('a reservation, a stream, an operation: each is requested as the protocol says', async () => {
    const server = singleServer(realm)
    const running = realm.run(async ({ createClient, outcome }, url, single) => {
      const headers = Object.freeze({ authorization: 'a' })
      const heard = await outcome(createClient({ url: `${url}?tenant=a%2Fb`, headers, ...single }), { query: '{ a }', variables: { b: 1 }, extensions: { c: 2 }, operationKind: 'query' })
      return { heard, headers }
    }, server.url, single)
    await server.send(0, 'next', 0, data(1))
    await server.send(0, 'complete', 0)
    assert.deepEqual(await running, { heard: [data(1), 'complete'], headers: { authorization: 'a' } })
    const asked = await Promise.all(['PUT', 'GET', 'POST'].map(async (method) => {
      const { url, headers } = (await server.nth(method, 0)).request
      return [new URL(url, 'http://server.example').search, headers.accept, headers.authorization, headers['x-graphql-event-stream-token'], headers['content-type']]
    }))
    assert.deepEqual(asked, [
      ['?tenant=a%2Fb', 'text/plain', 'a', undefined, undefined],
      ['?tenant=a%2Fb', 'text/event-stream', 'a', 'token 1', undefined],
      ['?tenant=a%2Fb', 'application/json', 'a', 'token 1', 'application/json'],
    ])
    assert.deepEqual(await server.body(0), { query: '{ a }', variables: { b: 1 }, extensions: { c: 2, operationId: '1' } })
    await (await server.nth('GET', 0)).closed
    assert.equal(server.counts(), '1 1 1 0')
  })

  for (const { name, answers, request = subscription, expected, counts } of [
    { name: 'the operation is refused', answers: { POST: [refuse(400)] }, expected: [refusal(400)], counts: '1 1 1 0' },
    { name: 'the operation is answered at once', answers: { POST: [reply(200, json, '{"data":{"count":1}}')] }, expected: [data(1), 'complete'], counts: '1 1 1 0' },
    { name: 'the reservation is refused', answers: { PUT: [refuse(403)] }, expected: [refusal(403)], counts: '1 0 0 0' },
    { name: 'there is no such mode', answers: { PUT: [reply(405)] }, expected: [failure({ message: 'the status is 405, not 200; closed', kind: 'http', status: 405 })], counts: '1 0 0 0' },
    { name: 'the stream is refused', answers: { GET: [refuse(400)] }, expected: [refusal(400)], counts: '1 1 0 0' },
    { name: 'the reservation is refused with 200', answers: { PUT: [refuse(200)] }, expected: [noStream], counts: '1 0 0 0' },
    { name: 'the stream is refused with 200', answers: { GET: [refuse(200)] }, expected: [noStream], counts: '1 1 0 0' },
    {
      name: 'the stream is JSON', answers: { GET: [reply(200, json, '{"data":{}}')] }, counts: '1 1 0 0',
      expected: [failure({ message: 'the content type is application/json, not text/event-stream; closed', kind: 'mime', status: 200 })],
    },
    { name: 'the reservation is gone, twice', answers: { POST: [refuse(404), refuse(404)] }, expected: [refusal(404)], counts: '2 2 2 0' },
    { name: 'a mutation fails', request: mutation, answers: { POST: [refuse(500)] }, expected: [refusal(500)], counts: '1 1 1 0' },
    {
      name: 'an event is no JSON', answers: { GET: [hold('event: next\ndata: {\n\n')] },
      expected: [failure({ message: 'the data of an event is no JSON', kind: 'application' })], counts: /^1 1 [01] 0$/,
    },
  ]) {
    test(`${name}: what the sink gets`, async () => {
      const server = singleServer(realm, answers)
      assert.deepEqual(await outcome(server, request), expected)
      assert.match(server.counts(), counts instanceof RegExp ? counts : new RegExp(`^${counts}$`))
    })
  }

  const strange = 'event: next\ndata: {"id":"9","payload":{}}\n\nevent: ping\ndata: {\n\nevent: complete\ndata: {}\n\n'
  // `stream` and `operation`: by which number of those it succeeds.
  for (const { name, answers, request = subscription, stream = 0, operation = 0 } of [
    { name: 'the reservation fails', answers: { PUT: [reply(503)] } },
    { name: 'the stream fails', answers: { GET: [reply(503)] }, stream: 1 },
    { name: 'the operation fails', answers: { POST: [reply(503)] }, operation: 1 },
    { name: 'the reservation is gone', answers: { POST: [refuse(404)] }, stream: 1, operation: 1 },
    { name: 'the reservation of a mutation is gone', answers: { POST: [refuse(409)] }, request: mutation, stream: 1, operation: 1 },
    { name: 'events for others come', answers: { GET: [hold(strange)] } },
  ]) {
    test(`${name}, and then the operation succeeds`, async () => {
      const server = singleServer(realm, answers)
      const running = outcome(server, request)
      await server.send(stream, 'next', operation, data(1))
      await server.send(stream, 'complete', operation)
      assert.deepEqual(await running, [data(1), 'complete'])
    })
  }

  test('an operation that could not be sent gets a new id, and the old one is stopped', async () => {
    const server = singleServer(realm, { POST: [reply(503)] })
    const running = outcome(server, subscription)
    await server.send(0, 'complete', 1)
    assert.deepEqual(await running, ['complete'])
    const ids = (await Promise.all([0, 1].map(server.body))).map(({ extensions }) => extensions.operationId)
    assert.deepEqual(ids, ['1', '2'])
    assert.match((await server.nth('DELETE', 0)).request.url, /\?operationId=1$/)
  })

  test('an operation that JSON cannot express fails alone, whether the stream is open or not', async () => {
    const server = singleServer(realm)
    const running = realm.run(async ({ createClient, outcome, Recording }, url, request) => {
      const client = createClient({ url, singleConnection: true })
      const bad = { ...request, variables: { n: 1n } }
      const early = outcome(client, bad)
      const recording = new Recording()
      const end = client.subscribe(request, recording)
      await recording.until(1)
      const late = await outcome(client, bad)
      end()
      return [...await early, ...late].map(({ error }) => error.name)
    }, server.url, subscription)
    await server.send(0, 'next', 0, data(1))
    assert.deepEqual(await running, ['TypeError', 'TypeError'])
    await (await server.nth('GET', 0)).closed
    assert.match(server.counts(), /^1 1 1 [01]$/)
  })

  test('an operation for which there was no URL fails, and is not sent later', async () => {
    const server = singleServer(realm)
    const running = realm.run(async ({ createClient, outcome }, url, request) => {
      let isKnown = false
      const urlOf = () => {
        if (isKnown) return url
        isKnown = true
        throw new Error('no URL yet')
      }
      const client = createClient({ url: urlOf, singleConnection: true })
      const named = (name) => outcome(client, { ...request, variables: { name } })
      return [await named('first'), await named('second')]
    }, server.url, subscription)
    await server.send(0, 'complete', 'second')
    assert.deepEqual(await running, [[{ error: { name: 'Error', message: 'no URL yet' } }], ['complete']])
    await (await server.nth('GET', 0)).closed
    assert.equal(server.counts(), '1 1 1 0')
  })

  test('a stream that fails for good ends the requests that are under way', async () => {
    const server = singleServer(realm, { POST: [silence] })
    const running = outcome(server, subscription)
    const post = await server.nth('POST', 0)
    await (await server.nth('GET', 0)).write('event: next\ndata: {\n\n')
    assert.deepEqual(await running, [failure({ message: 'the data of an event is no JSON', kind: 'application' })])
    await post.closed
    assert.equal(server.counts(), '1 1 1 0')
  })

  test('an operation that is complete is not sent again', async () => {
    const server = singleServer(realm, {
      POST: [async (exchange) => {
        await server.send(0, 'complete', 0)
        await server.nth('POST', 1)
        await reply(503)(exchange)
      }],
    })
    const running = realm.run(async ({ createClient, outcome }, url, single, request) => {
      let retry
      const retried = new Promise((resolve) => { retry = resolve })
      const headers = ({ attempt }) => {
        if (attempt === 1) retry()
        return {}
      }
      const client = createClient({ url, headers, ...single })
      const heard = await outcome(client, { ...request, variables: { name: 'first' } })
      client.subscribe(request, { next() {}, error() {}, complete() {} })
      await retried
      await new Promise((resolve) => setTimeout(resolve, 50))
      client.dispose()
      return heard
    }, server.url, single, subscription)
    assert.deepEqual(await running, ['complete'])
    assert.equal(server.counts(), '1 1 2 0')
  })

  test('messages without an id are for no operation, not even for one that waits for its headers', async () => {
    const server = singleServer(realm, { GET: [hold(event('next', { payload: data(9) }), event('complete', {}))] })
    const running = realm.run(async ({ createClient, outcome }, url, request) => {
      const asked = []
      let isOver
      const strange = new Promise((resolve) => { isOver = resolve })
      const headers = async ({ request }) => {
        asked.push(request?.query ?? 'the stream')
        if (request) await strange
        return {}
      }
      const message = ({ type }) => { if (type === 'complete') isOver() }
      return [await outcome(createClient({ url, headers, on: { message }, singleConnection: true }), request), asked]
    }, server.url, subscription)
    await server.send(0, 'next', 0, data(1))
    await server.send(0, 'complete', 0)
    assert.deepEqual(await running, [[data(1), 'complete'], ['the stream', subscription.query]])
  })

  test('a stream that breaks takes mutations with it, and nothing else', async () => {
    const server = singleServer(realm)
    const running = realm.run(async ({ createClient, outcome, Recording }, url, single, subscription, mutation) => {
      const client = createClient({ url, ...single })
      const recording = new Recording()
      client.subscribe(subscription, recording)
      const lost = await outcome(client, mutation)
      return { lost, heard: await recording.ended() }
    }, server.url, single, subscription, mutation)
    await server.nth('POST', 1)
    ;(await server.nth('GET', 0)).cut()
    await server.send(1, 'next', 2, data(1))
    await server.send(1, 'complete', 2)
    const { lost, heard } = await running
    assert.deepEqual([lost.length, lost[0].error.name, lost[0].error.kind], [1, 'GraphQLStreamError', 'network'])
    assert.deepEqual(heard, [data(1), 'complete'])
    const [first, second, third] = (await Promise.all([0, 1, 2].map(server.body))).map(({ query }) => query)
    assert.deepEqual([[first, second].sort(), third], [[mutation.query, subscription.query], subscription.query])
    assert.deepEqual([await server.token('POST', 0), await server.token('POST', 2)], ['token 1', 'token 2'])
    assert.equal(server.counts(), '2 2 3 0')
  })

  test('unsubscribing tells the server, and nothing more reaches the sink', async () => {
    const server = singleServer(realm)
    const held = realm.server.endpoint([async (exchange) => {
      await server.send(0, 'next', 'first', data(2))
      await server.send(0, 'next', 'second', data(3))
      await reply(204)(exchange)
    }])
    const running = realm.run(async ({ createClient, Recording }, url, held, single, request) => {
      const client = createClient({ url: `${url}?a=1`, ...single })
      const [first, second] = [new Recording(), new Recording()]
      const end = client.subscribe({ ...request, variables: { name: 'first' } }, first)
      const endSecond = client.subscribe({ ...request, variables: { name: 'second' } }, second)
      await Promise.all([first.until(1), second.until(1)])
      end()
      end()
      await fetch(held)
      await second.until(2)
      endSecond()
      return [first.heard, second.heard]
    }, server.url, held.url, single, subscription)
    await server.send(0, 'next', 'first', data(1))
    await server.send(0, 'next', 'second', data(1))
    assert.deepEqual(await running, [[data(1)], [data(1), data(3)]])
    // They may overtake each other.
    const stops = (await Promise.all([0, 1].map((index) => server.nth('DELETE', index)))).map(({ request }) => request)
    const ids = (await Promise.all(['first', 'second'].map(server.named))).map(({ extensions }) => extensions.operationId)
    assert.deepEqual(stops.map(({ url }) => new URL(url, 'http://server.example').search).sort(), ids.map((id) => `?a=1&operationId=${id}`).sort())
    for (const { headers, body } of stops) assert.deepEqual([headers['x-graphql-event-stream-token'], body.length], ['token 1', 0])
    await (await server.nth('GET', 0)).closed
  })

  test('the stream opens at once, or closes a while after the last operation', async () => {
    const [eager, lingering] = [singleServer(realm), singleServer(realm)]
    const running = realm.run(async ({ createClient, outcome }, eager, lingering, request) => {
      const early = createClient({ url: eager, singleConnection: { lazy: false } })
      await new Promise((resolve) => { early.on('connected', resolve) })
      await outcome(early, request)
      await outcome(early, request)
      const late = createClient({ url: lingering, singleConnection: { closeAfterMs: 1000 } })
      await outcome(late, request)
      await outcome(late, request)
      return { close: early.dispose() }
    }, eager.url, lingering.url, subscription)
    for (const server of [eager, lingering]) for (const index of [0, 1]) await server.send(0, 'complete', index)
    await running
    for (const server of [eager, lingering]) {
      assert.equal(server.counts(), '1 1 2 0')
      await (await server.nth('GET', 0)).closed
    }
  })

  test('closeAfterMs may be longer than a timer can be', async () => {
    const server = singleServer(realm)
    const running = realm.run(async ({ createClient, outcome }, url, request) => {
      const client = createClient({ url, singleConnection: { closeAfterMs: 2 ** 31 } })
      await outcome(client, request)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await outcome(client, request)
      client.dispose()
    }, server.url, subscription)
    for (const index of [0, 1]) await server.send(0, 'complete', index)
    await running
    assert.equal(server.counts(), '1 1 2 0')
  })

  test('reconnect() and events: the single connection reports its state', async () => {
    const server = singleServer(realm)
    const running = realm.run(async ({ createClient, Recording, eventLog }, url, request) => {
      const { log, on } = eventLog()
      const client = createClient({ url, singleConnection: true, on })
      const recordings = [new Recording(), new Recording()]
      for (const recording of recordings) client.subscribe(request, recording)
      await Promise.all(recordings.map((recording) => recording.until(1)))
      client.reconnect()
      await Promise.all(recordings.map((recording) => recording.ended()))
      await new Promise((resolve) => { client.on('closed', resolve) })
      return { log, heard: recordings.map(({ heard }) => heard) }
    }, server.url, subscription)
    for (const index of [0, 1]) await server.send(0, 'next', index, data(1))
    for (const index of [2, 3]) await server.send(1, 'complete', index)
    assert.deepEqual(await running, {
      log: [
        'connecting false', 'connected false', 'message next', 'message next', 'retrying reconnect', 'connecting true', 'connected true',
        'message complete', 'message complete', 'closed',
      ],
      heard: Array(2).fill([data(1), 'complete', 'over']),
    })
  })

  test('reconnect() while the failure of the stream is being reported: the operations fail with it', async () => {
    // The source waits for the rest of the body.
    const server = singleServer(realm, { PUT: [hold404] })
    const running = realm.run(async ({ createClient, outcome }, url, request) => {
      let answered
      const answer = new Promise((resolve) => { answered = resolve })
      const late = async (...request) => {
        const response = await fetch(...request)
        setTimeout(answered)
        return response
      }
      const client = createClient({ url, fetch: late, singleConnection: true })
      const heard = outcome(client, request)
      await answer
      client.reconnect()
      return heard
    }, server.url, subscription)
    assert.deepEqual(await running, [failure({ message: 'the status is 404, not 200; closed', kind: 'http', status: 404 })])
    assert.equal(server.counts(), '1 0 0 0')
  })

  test('a server that stays down fails all operations, and the next operation starts afresh', async () => {
    const server = singleServer(realm, { PUT: [reply(410)] })
    const running = realm.run(async ({ createClient, outcome }, url, request) => {
      const client = createClient({ url, singleConnection: true })
      const heard = await Promise.all([outcome(client, request), outcome(client, request)])
      return [...heard, await outcome(client, request)]
    }, server.url, subscription)
    await server.send(0, 'complete', 0)
    const gone = [failure({ message: 'the status is 410, not 200; closed', kind: 'http', status: 410 })]
    assert.deepEqual(await running, [gone, gone, ['complete']])
  })

  test('loops: results that arrived before a failure are delivered first, and leaving a loop stops its operation', async () => {
    const server = singleServer(realm)
    const running = realm.run(async ({ createClient, loopOutcome }, url, request) => {
      const client = createClient({ url, singleConnection: true, reconnect: false })
      const [left, slow] = ['left', 'slow'].map((name) => client.iterate({ ...request, variables: { name } }))
      await left.next()
      await left.return()
      await new Promise((resolve) => { client.on('closed', resolve) })
      const heard = await loopOutcome(slow)
      return [heard, (await left.next()).done]
    }, server.url, subscription)
    for (const name of ['slow', 'slow', 'left']) await server.send(0, 'next', name, data(1))
    await server.nth('DELETE', 0)
    ;(await server.nth('GET', 0)).end()
    const [heard, done] = await running
    assert.deepEqual([heard.slice(0, 2), heard[2].error.kind, heard.length, done], [[data(1), data(1)], 'truncated', 3, true])
  })

  test('dispose() completes all sinks and closes the stream', async () => {
    const server = singleServer(realm)
    const running = realm.run(async ({ createClient, Recording }, url, request) => {
      const client = createClient({ url, singleConnection: true })
      const [first, second] = [new Recording(), new Recording()]
      client.subscribe(request, first)
      await first.until(1)
      client.subscribe(request, second)
      client.dispose()
      return [await first.ended(), await second.ended()]
    }, server.url, subscription)
    await server.send(0, 'next', 0, data(1))
    assert.deepEqual(await running, [[data(1), 'complete'], ['complete']])
    await (await server.nth('GET', 0)).closed
  })
})
