/** One connection per operation: what servers send, and what a sink gets. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { garble, hold, reply, silence, stream } from '../e2e/endpoint.mjs'
import { onEveryRealm } from './realms.mjs'
import { endless, mutation, subscription, wires } from './wires.mjs'

const COUNT = [{ data: { count: 1 } }, { data: { count: 2 } }]
const refused = { errors: [{ message: 'Refused' }] }
const json = { 'content-type': 'application/json; charset=utf-8' }
const eventStream = { 'content-type': 'text/event-stream' }
const next = (value) => `event: next\ndata: ${JSON.stringify(value)}\n\n`
const failure = (more) => ({ error: { name: 'GraphQLStreamError', ...more } })
/** Waits no longer than the class lets it. */
const quick = { reconnect: { maxAttempts: 5, maxBackoffMs: 0 } }

const cut = (...chunks) => async (exchange) => {
  await hold(...chunks)(exchange)
  exchange.cut()
}

onEveryRealm('distinct connections', (realm) => {
  /** A URL whose requests cut the last connection of the endpoint: what was sent before has been heard then. */
  const cutterOf = (endpoint) => realm.server.endpoint([async (exchange) => {
    endpoint.exchanges.at(-1).cut()
    await reply(204)(exchange)
  }]).url

  const outcome = (endpoint, request, options = quick) => realm.run(({ createClient, outcome }, url, request, options) =>
    outcome(createClient({ url, ...options }), request), endpoint.url, request, options)

  for (const [name, wire] of Object.entries(wires)) {
    test(`${name}: a sink gets the results and complete()`, async () => {
      const endpoint = realm.server.endpoint([stream(wire)])
      assert.deepEqual(await outcome(endpoint, subscription), [...COUNT, 'complete'])
      assert.equal(endpoint.requests.length, 1)
    })
  }

  test('the request is a POST of JSON that accepts event streams and nothing else', async () => {
    const endpoint = realm.server.endpoint([stream(wires.gqlgen)])
    const request = { query: '{ a }', operationName: 'O', variables: { b: 1 }, extensions: { c: 2 }, documentId: 'd', operationKind: 'query' }
    await outcome(endpoint, request)
    const [{ method, headers, body }] = endpoint.requests
    const { operationKind: _, ...sent } = request
    assert.deepEqual([method, headers.accept, headers['content-type'], JSON.parse(body)], ['POST', 'text/event-stream', 'application/json', sent])
  })

  for (const { method, kind, sent } of [
    { method: 'GET', kind: subscription, sent: 'GET' },
    { method: 'QUERY', kind: subscription, sent: 'QUERY' },
    { method: 'GET', kind: mutation, sent: 'POST' },
  ]) {
    test(`with the method ${method}, ${kind.query} is sent by ${sent}`, async () => {
      const endpoint = realm.server.endpoint([stream(wires.gqlgen)])
      const [path] = await realm.run(async ({ createClient, outcome }, url, method, request) => {
        await outcome(createClient({ url: `${url}?tenant=a%20b`, method }), { ...request, variables: { n: [1] } })
        return [url]
      }, endpoint.url, method, kind)
      const [request] = endpoint.requests
      assert.equal(request.method, sent)
      const url = new URL(request.url, path)
      assert.equal(url.search.startsWith('?tenant=a%20b'), true)
      const given = sent === 'GET' ? Object.fromEntries(url.searchParams) : JSON.parse(request.body)
      assert.deepEqual([given.query, given.variables], [kind.query, sent === 'GET' ? '{"n":[1]}' : { n: [1] }])
    })
  }

  for (const { name, answer, expected, request = subscription, options, mayHearMore = false } of [
    { name: '200 JSON', answer: reply(200, json, '{\n"data": {"count": 1}\n}'), expected: [COUNT[0], 'complete'] },
    { name: '200 JSON with errors', answer: reply(200, json, JSON.stringify(refused)), expected: [refused, 'complete'] },
    { name: '200 event stream with errors', answer: stream(`${next(refused)}:heartbeat\n\nevent: complete\ndata: \n\n`), expected: [refused, 'complete'] },
    { name: '294 GraphQL response', answer: reply(294, { 'content-type': 'application/graphql-response+json' }, '{"data":null}'), expected: [{ data: null }, 'complete'] },
    { name: '400 JSON', answer: reply(400, json, JSON.stringify(refused)), expected: [failure({ message: 'Refused', kind: 'http', status: 400, errors: refused.errors })] },
    {
      name: '400 GraphQL response of 100 KB',
      answer: reply(400, { 'content-type': 'application/graphql-response+json' }, JSON.stringify({ ...refused, extensions: { x: 'é'.repeat(50_000) } })),
      expected: [failure({ message: 'Refused', kind: 'http', status: 400, errors: refused.errors })],
    },
    { name: '401 JSON', answer: reply(401, json, JSON.stringify(refused)), expected: [failure({ message: 'Refused', kind: 'http', status: 401, errors: refused.errors })] },
    {
      name: '401 event stream', answer: streamOf(401, `${next(refused)}event: complete\ndata: \n\n`),
      expected: [failure({ message: 'Refused', kind: 'http', status: 401, errors: refused.errors })],
    },
    {
      name: '403 event stream whose block has no blank line', answer: streamOf(403, `event: next\ndata: ${JSON.stringify(refused)}`),
      expected: [failure({ message: 'Refused', kind: 'http', status: 403, errors: refused.errors })],
    },
    {
      name: '400 event stream that goes on for ever', answer: async (exchange) => {
        exchange.head(400, eventStream)
        await exchange.write(`:\n\n${next(refused)}`)
      },
      expected: [failure({ message: 'Refused', kind: 'http', status: 400, errors: refused.errors })],
    },
    { name: '400 JSON that says nothing', answer: reply(400, json, '{}'), expected: [failure({ message: 'the status is 400, not 200; closed', kind: 'http', status: 400 })] },
    { name: '404 HTML', answer: reply(404, { 'content-type': 'text/html' }, '<p>'), expected: [failure({ message: 'the status is 404, not 200; closed', kind: 'http', status: 404 })] },
    {
      name: '200 HTML', answer: reply(200, { 'content-type': 'text/html' }, '<p>'),
      expected: [failure({ message: 'the content type is text/html, not text/event-stream; closed', kind: 'mime', status: 200 })],
    },
    {
      name: 'an event that is no JSON', answer: hold('event: next\ndata: {\n\n'),
      expected: [failure({ message: 'the data of an event is no JSON', kind: 'application' })],
    },
    {
      name: 'an event "error" with errors', answer: hold(`event: error\ndata: ${JSON.stringify(refused.errors)}\n\n`),
      expected: [failure({ message: 'Refused', kind: 'application', errors: refused.errors })],
    },
    { name: 'a mutation that breaks off', request: mutation, answer: cut(':\n\n'), expected: [failure({ kind: 'network' })] },
    { name: 'a mutation that ends', request: mutation, answer: stream('id: 7\nevent: next\ndata: {"data":{}}\n\n'), expected: [{ data: {} }, failure({ kind: 'truncated' })] },
    { name: 'a mutation that breaks off after an id', request: mutation, answer: cut('id: 7\nevent: next\ndata: {"data":{}}\n\n'), expected: [failure({ kind: 'network' })], mayHearMore: true },
    { name: 'a mutation without an answer', request: mutation, answer: silence, options: { timeouts: { openMs: 700 } }, expected: [failure({ kind: 'timeout' })] },
    { name: 'a mutation, 503', request: mutation, answer: reply(503), expected: [failure({ kind: 'http', status: 503 })] },
    { name: 'a persisted document, which may be a mutation', request: { documentId: 'x' }, answer: cut(':\n\n'), expected: [failure({ kind: 'network' })] },
  ]) {
    test(`${name}: what a sink gets, and no second request`, async () => {
      const endpoint = realm.server.endpoint([answer, stream(wires.gqlgen)])
      const heard = await outcome(endpoint, request, options ?? quick)
      // A browser may lose what came right before the connection broke.
      const compared = mayHearMore ? heard.slice(-expected.length) : heard
      assert.deepEqual(compared.map(withoutText(expected)), expected)
      assert.equal(endpoint.requests.length, 1)
    })
  }

  for (const { name, answer, kind, request = subscription, options = quick } of [
    { name: 'a body that breaks off', answer: cut(':\n\n'), kind: 'network' },
    { name: 'a body that ends', answer: stream(':\n\n'), kind: 'truncated' },
    { name: 'an answer that is none', answer: garble, kind: 'network' },
    { name: 'a query, 500 JSON', answer: reply(500, json, JSON.stringify(refused)), kind: 'http', request: { query: '{ count }' } },
    { name: '429', answer: reply(429), kind: 'http' },
    { name: 'no answer', answer: silence, kind: 'timeout', options: { ...quick, timeouts: { openMs: 700 } } },
    { name: 'silence', answer: hold(next(COUNT[0])), kind: 'timeout', options: { ...quick, timeouts: { idleMs: 700 } } },
    { name: 'a persisted subscription', answer: cut(':\n\n'), kind: 'network', request: { documentId: 'x', operationKind: 'subscription' } },
  ]) {
    test(`${name}: retried, and retried again`, async () => {
      const endpoint = realm.server.endpoint([answer, answer, stream(wires.gqlgen)])
      const { heard, log } = await realm.run(async ({ createClient, outcome, eventLog }, url, request, options) => {
        const { log, on } = eventLog()
        return { heard: await outcome(createClient({ url, on, ...options }), request), log }
      }, endpoint.url, request, options)
      assert.deepEqual(heard.slice(-3), [...COUNT, 'complete'])
      assert.deepEqual(log.filter((line) => /retrying|connecting/.test(line)), [
        'connecting false', `retrying ${kind}`, 'connecting true', `retrying ${kind}`, 'connecting true',
      ])
      assert.equal(log.at(-1), 'closed')
    })
  }

  test('options of `reconnect` and `timeouts` that are undefined have their defaults', async () => {
    // Comments less than a second apart count as one.
    const beating = async (exchange) => {
      await hold(':\n\n')(exchange)
      await new Promise((resolve) => setTimeout(resolve, 1100))
      await exchange.write(`:\n\n${next(COUNT[0])}`)
    }
    const endpoint = realm.server.endpoint([beating, ...Array(9).fill(reply(503))])
    const { heard, delays } = await realm.run(async ({ createClient, Recording }, url, request) => {
      const { setTimeout } = globalThis
      const delays = []
      globalThis.setTimeout = (act, ms, ...more) => {
        delays.push(Math.round(ms / 1000))
        return setTimeout(act, ms, ...more)
      }
      const client = createClient({
        url,
        reconnect: { maxAttempts: undefined, replay: undefined, decide: undefined, maxBackoffMs: 0 },
        timeouts: { openMs: undefined, idleMs: undefined },
      })
      const recording = new Recording()
      client.subscribe(request, recording)
      await recording.until(1)
      globalThis.setTimeout = setTimeout
      client.reconnect()
      return { heard: await recording.ended(), delays }
    }, endpoint.url, subscription)
    assert.deepEqual([30, 6].filter((seconds) => !delays.includes(seconds)), [], 'to open; of silence')
    assert.deepEqual(heard.map(withoutText([COUNT[0], failure({})])), [COUNT[0], failure({ kind: 'http', status: 503 })])
    assert.equal(endpoint.requests.length, 6)
  })

  for (const { name, answer, heardOnce, kind } of [
    { name: 'a server that never completes', answer: stream(endless.DGS), heardOnce: COUNT, kind: 'truncated' },
    { name: 'a server that is down', answer: garble, heardOnce: [], kind: 'network' },
    { name: 'a server with an error', answer: reply(503, json, JSON.stringify(refused)), heardOnce: [], kind: 'http' },
  ]) {
    test(`${name} is given up after five tries`, async () => {
      const endpoint = realm.server.endpoint(Array(9).fill(answer))
      const heard = await outcome(endpoint, subscription)
      const last = heard.pop()
      assert.deepEqual(heard, Array(5).fill(heardOnce).flat())
      assert.deepEqual(last.error.kind, kind)
      if (kind === 'http') assert.deepEqual(last, failure({ message: 'Refused', kind, status: 503, errors: refused.errors }))
      assert.equal(endpoint.requests.length, 5)
    })
  }

  test('which documents are mutations', async () => {
    const documents = [
      ['{ a }', 'GET'], ['query { a }', 'GET'], ['subscription S { a }', 'GET'], ['mutation { a }', 'POST'], ['\ufeff mutation,{a}', 'POST'],
      ['# query\n mutation M @live { a }', 'POST'], ['# mutation\n query { mutation }', 'GET'],
      ['# \u2028 query Q { a }\rmutation { a }', 'POST'], ['# \u2029 mutation { a }\n query { a }', 'GET'],
      ['fragment mutation on T { mutation } query { ...mutation }', 'GET'],
      ['fragment F on T { query } mutation { ...F }', 'POST'],
      ['query ($a: I = { b: "} mutation {" }, $c: [S] = ["""\\""" mutation { """]) { a }', 'GET'],
      ['query Q { a } mutation M { a }', 'GET'], ['query Q { a } mutation M { a }', 'POST', 'M'], ['mutation M { a } query Q { a }', 'GET', 'Q'],
      [undefined, 'POST'], ['', 'POST'],
    ]
    const methods = await realm.run(async ({ createClient, outcome }, documents) => {
      const methods = []
      const client = createClient({
        url: 'http://server.example/',
        method: 'GET',
        fetch: async (url, { method }) => {
          methods.push(method)
          return new Response('{"data":{}}', { headers: { 'content-type': 'application/json' } })
        },
      })
      for (const [query, , operationName] of documents) await outcome(client, { query, operationName })
      return methods
    }, documents)
    assert.deepEqual(documents.map(([document], index) => [document, methods[index]]), documents.map(([document, method]) => [document, method]))
  })

  test('a token that expires in mid subscription is renewed', async () => {
    const endpoint = realm.server.endpoint([hold(next(COUNT[0])), reply(401, json, JSON.stringify(refused)), stream(wires.gqlgen)])
    const { heard, attempts } = await realm.run(async ({ createClient, outcome }, url, cutter, request, quick) => {
      const attempts = []
      const headers = async ({ attempt, reason, request: { query } }) => {
        attempts.push([attempt, reason, query])
        return { authorization: `token ${attempts.length}` }
      }
      const cut = () => { if (attempts.length === 1) void fetch(cutter) }
      return { heard: await outcome(createClient({ url, headers, on: { message: cut }, ...quick }), request), attempts }
    }, endpoint.url, cutterOf(endpoint), subscription, quick)
    assert.deepEqual(heard, [COUNT[0], ...COUNT, 'complete'])
    assert.deepEqual(endpoint.requests.map(({ headers }) => headers.authorization), ['token 1', 'token 2', 'token 3'])
    assert.deepEqual(attempts, [[0, 'open'], [1, 'network'], [2, 'http']].map((attempt) => [...attempt, subscription.query]))
  })

  test('a token that stays bad is refused for good, with what the server says', async () => {
    const answer = reply(401, json, JSON.stringify(refused))
    const endpoint = realm.server.endpoint([answer, answer, answer])
    const heard = await realm.run(({ createClient, outcome }, url, request, quick) => outcome(createClient({ url, headers: () => ({}), ...quick }), request), endpoint.url, subscription, quick)
    assert.deepEqual(heard, [failure({ message: 'Refused', kind: 'http', status: 401, errors: refused.errors })])
    assert.equal(endpoint.requests.length, 2)
  })

  test('a mutation is sent once, whatever the options say; one that could not be sent is sent later', async () => {
    const endpoint = realm.server.endpoint([cut(':\n\n'), stream(wires.gqlgen)])
    const [heard, attempts] = await realm.run(async ({ createClient, outcome }, url, request) => {
      let attempts = 0
      const headers = () => {
        attempts += 1
        if (attempts === 1) throw new Error('no token yet')
        return {}
      }
      const client = createClient({ url, headers, reconnect: { replay: 'always', maxBackoffMs: 0, decide: ({ kind }) => (kind === 'request' ? undefined : 'retry') } })
      return [await outcome(client, request), attempts]
    }, endpoint.url, mutation)
    assert.deepEqual([heard.length, heard[0].error.kind, attempts], [1, 'network', 2])
    assert.equal(endpoint.requests.length, 1)
  })

  test('reconnect() reopens the streams, and leaves mutations alone', async () => {
    const endpoint = realm.server.endpoint([hold(next(COUNT[0])), hold(next(COUNT[0]))])
    const resumed = realm.server.endpoint([hold(next(COUNT[0])), stream(wires.gqlgen)])
    const heard = await realm.run(async ({ createClient, Recording }, url, mutation, other, subscription) => {
      const client = createClient({ url: ({ query }) => query.startsWith('mutation') ? url : other })
      const [first, second] = [new Recording(), new Recording()]
      const end = client.subscribe(mutation, first)
      client.subscribe(subscription, second)
      await Promise.all([first.until(1), second.until(1)])
      client.reconnect()
      await second.ended()
      end()
      return [first.heard, second.heard]
    }, endpoint.url, mutation, resumed.url, subscription)
    assert.deepEqual(heard, [[COUNT[0]], [COUNT[0], ...COUNT, 'complete', 'over']])
    assert.equal(endpoint.requests.length, 1)
  })

  test('reconnect() skips a stream whose failure is being reported, and reopens the others', async () => {
    const failed = realm.server.endpoint([async (exchange) => {
      exchange.head(404, { 'content-type': 'text/html' })
      // The source waits for the rest of the body.
      await exchange.write('<p>')
    }])
    const resumed = realm.server.endpoint([hold(next(COUNT[0])), stream(wires.gqlgen)])
    const heard = await realm.run(async ({ createClient, Recording }, failed, resumed, subscription) => {
      let answered
      const answer = new Promise((resolve) => { answered = resolve })
      const client = createClient({
        url: ({ documentId }) => documentId ?? resumed,
        fetch: async (...request) => {
          const response = await fetch(...request)
          if (response.status === 404) setTimeout(answered)
          return response
        },
      })
      const recordings = [new Recording(), new Recording()]
      client.subscribe({ ...subscription, documentId: failed }, recordings[0])
      client.subscribe(subscription, recordings[1])
      await Promise.all([answer, recordings[1].until(1)])
      client.reconnect()
      return Promise.all(recordings.map((recording) => recording.ended()))
    }, failed.url, resumed.url, subscription)
    assert.deepEqual(heard.map((one, index) => one.map(withoutText(index ? [] : [failure({})]))), [
      [failure({ kind: 'http', status: 404 })], [COUNT[0], ...COUNT, 'complete'],
    ])
    assert.equal(failed.requests.length, 1)
  })

  test('nothing reaches a sink after its end, not even from the same chunk', async () => {
    const endpoint = realm.server.endpoint([hold(wires.gqlgen)])
    const { heard } = await realm.run(async ({ createClient, Recording }, url, request) => {
      const recording = new Recording()
      const client = createClient({ url })
      await new Promise((resolve) => {
        const end = client.subscribe(request, {
          next(result) {
            recording.next(result)
            end()
            setTimeout(resolve, 50)
          },
          error: (error) => recording.error(error),
          complete: () => recording.complete(),
        })
      })
      return recording
    }, endpoint.url, subscription)
    assert.deepEqual(heard, [COUNT[0]])
    await (await endpoint.exchange(0)).closed
  })

  test('ending a subscription ends its request, whatever the state', async () => {
    const endpoint = realm.server.endpoint([silence, hold(next(COUNT[0]))])
    const heard = await realm.run(async ({ createClient, Recording }, url, request) => {
      const recordings = [new Recording(), new Recording(), new Recording()]
      const client = createClient({ url })
      client.subscribe(request, recordings[0])()
      let asked
      const sent = new Promise((resolve) => { asked = resolve })
      const end = createClient({ url, fetch: (...all) => { asked(); return fetch(...all) } }).subscribe(request, recordings[1])
      await sent
      await new Promise((resolve) => setTimeout(resolve, 50))
      end()
      const endThird = client.subscribe(request, recordings[2])
      await recordings[2].until(1)
      endThird()
      return recordings.map(({ heard }) => heard)
    }, endpoint.url, subscription)
    assert.deepEqual(heard, [[], [], [COUNT[0]]])
    for (const index of [0, 1]) await (await endpoint.exchange(index)).closed
    assert.equal(endpoint.requests.length, 2)
  })

  test('what a sink throws is reported, and the stream goes on', async () => {
    const endpoint = realm.server.endpoint([stream(wires.gqlgen)])
    const heard = await realm.run(async ({ createClient }, url, request) => {
      const heard = []
      await new Promise((resolve) => createClient({ url, on: { message: () => { throw new Error('listener') } } }).subscribe(request, {
        next(result) {
          heard.push(result)
          throw new Error('sink')
        },
        async error() {},
        async complete() {
          resolve()
          throw new Error('complete')
        },
      }))
      await new Promise((resolve) => setTimeout(resolve))
      return heard
    }, endpoint.url, subscription)
    assert.deepEqual(heard, COUNT)
    assert.deepEqual((await realm.takeReported()).sort(), ['complete', 'listener', 'listener', 'listener', 'sink', 'sink'])
    assert.equal(endpoint.requests.length, 1)
  })

  test('events of the client and of the subscription report what happens', async () => {
    const endpoint = realm.server.endpoint([hold(next(COUNT[0])), stream(wires['with pings that have a name'])])
    const logs = await realm.run(async ({ createClient, Recording, eventLog }, url, cutter, request, quick) => {
      const [all, late, own] = [eventLog(), [], eventLog()]
      const client = createClient({ url, on: all.on, ...quick })
      client.on('retrying', ({ kind, attempt }) => late.push([kind, attempt]))
      client.on('retrying', () => late.push('no'))()
      const recording = new Recording()
      client.subscribe(request, recording, own.on)
      await recording.until(1)
      void fetch(cutter)
      await recording.ended()
      return [all.log, own.log, late]
    }, endpoint.url, cutterOf(endpoint), subscription, quick)
    const expected = [
      'connecting false', 'connected false', 'message next', 'retrying network', 'connecting true', 'connected true',
      'message ping', 'message next', 'message ping', 'message message', 'message next', 'message complete', 'closed',
    ]
    assert.deepEqual(logs, [expected, expected, [['network', 0]]])
  })

  for (const { name, body, expected } of [
    { name: 'an event "error"', body: `event: error\ndata: ${JSON.stringify(refused.errors)}\n\n`, expected: 'Refused' },
    { name: 'an event that is no JSON', body: 'event: next\ndata: {\n\n', expected: 'the data of an event is no JSON' },
  ]) {
    test(`${name}: \`closed\` is called with the reason`, async () => {
      const { url } = realm.server.endpoint([hold(body)])
      const [heard, reasons] = await realm.run(async ({ createClient, outcome }, url, request) => {
        const reasons = []
        const client = createClient({ url, on: { closed: (error) => reasons.push(`${error}`) } })
        return [await outcome(client, request), reasons]
      }, url, subscription)
      assert.deepEqual([heard.map(({ error }) => error.message), reasons], [[expected], [`GraphQLStreamError: ${expected}`]])
    })
  }

  test('iterate: a loop gets the results and ends, or throws', async () => {
    const endpoint = realm.server.endpoint([stream(wires.gqlgen), reply(400, json, JSON.stringify(refused)), stream(wires.gqlgen)])
    const heard = await realm.run(async ({ createClient, loopOutcome }, url, request) => {
      const client = createClient({ url })
      const heard = [await loopOutcome(client.iterate(request))]
      // The failure comes before the first call of next().
      let closed
      const failed = new Promise((resolve) => { closed = resolve })
      client.on('closed', closed)
      const late = client.iterate(request)
      await failed
      heard.push(await loopOutcome(late))
      for await (const result of client.iterate(request)) {
        heard.push(result)
        break
      }
      return heard
    }, endpoint.url, subscription)
    assert.deepEqual(heard, [
      [...COUNT, 'complete'],
      [failure({ message: 'Refused', kind: 'http', status: 400, errors: refused.errors })],
      COUNT[0],
    ])
  })

  test('iterate: results that arrive before the first next() are kept', async () => {
    const endpoint = realm.server.endpoint([stream(wires.gqlgen)])
    const heard = await realm.run(async ({ createClient, loopOutcome }, url, request) => {
      let opened
      const open = new Promise((resolve) => { opened = resolve })
      const iterator = createClient({ url, on: { message: opened } }).iterate(request)
      await open
      await new Promise((resolve) => setTimeout(resolve, 50))
      return loopOutcome(iterator)
    }, endpoint.url, subscription)
    assert.deepEqual(heard, [...COUNT, 'complete'])
  })

  // Firefox reads ahead by itself, without a limit.
  test('iterate: a slow loop applies backpressure to the server', { skip: realm.name === 'firefox' }, async () => {
    const large = `event: next\ndata: {"data":{"text":"${'x'.repeat(1 << 16)}"}}\n\n`
    let written = 0
    let isOver = false
    const flood = async (exchange) => {
      exchange.head(200, { ...eventStream, 'cache-control': 'no-store' })
      void exchange.closed.then(() => { isOver = true })
      for (; !isOver; written += large.length) await exchange.write(large)
    }
    const { url } = realm.server.endpoint([flood])
    const iterating = realm.run(async ({ createClient }, url, held, request) => {
      const iterator = createClient({ url }).iterate(request)
      for (let count = 0; count < 10; count += 1) await iterator.next()
      await fetch(held)
      await iterator.return()
    }, url, realm.server.endpoint([async (exchange) => {
      for (let before = -1; before !== written;) {
        before = written
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      await reply(204)(exchange)
    }]).url, subscription)
    await iterating
    assert.ok(written < 32 << 20, `${written} bytes for ten events of 64 KiB`)
  })

  test('dispose() completes sinks and ends loops, and what begins afterwards fails', async () => {
    const endpoint = realm.server.endpoint([hold(next(COUNT[0])), hold(next(COUNT[0]))])
    const heard = await realm.run(async ({ createClient, Recording, loopOutcome, outcome }, url, request) => {
      const client = createClient({ url })
      const recording = new Recording()
      client.subscribe(request, recording)
      const loop = loopOutcome(client.iterate(request))
      await recording.until(1)
      client[Symbol.dispose ?? 'dispose']()
      return [await recording.ended(), (await loop).at(-1), await outcome(client, request)]
    }, endpoint.url, subscription)
    const disposed = { error: { name: 'InvalidStateError', message: 'The client is disposed' } }
    assert.deepEqual(heard, [[COUNT[0], 'complete'], 'complete', [disposed]])
    for (const index of [0, 1]) await (await endpoint.exchange(index)).closed
  })

  test('an abort reaches sinks and loops with its reason', async () => {
    const endpoint = realm.server.endpoint([hold(next(COUNT[0])), hold(next(COUNT[0]))])
    const heard = await realm.run(async ({ createClient, Recording, loopOutcome }, url, request) => {
      const controller = new AbortController()
      const client = createClient({ url, signal: controller.signal })
      const recording = new Recording()
      client.subscribe(request, recording)
      const loop = loopOutcome(client.iterate(request))
      await recording.until(1)
      controller.abort(new Error('enough'))
      return [await recording.ended(), (await loop).at(-1)]
    }, endpoint.url, subscription)
    const aborted = { error: { name: 'Error', message: 'enough' } }
    assert.deepEqual(heard, [[COUNT[0], aborted], aborted])
  })

  for (const singleConnection of [false, true]) {
    test(`a parsed document is refused with what to do instead${singleConnection ? ' (single connection)' : ''}`, async () => {
      const { url, requests } = realm.server.endpoint([])
      const request = { query: { kind: 'Document', definitions: [] }, operationKind: 'subscription' }
      const [{ error }] = await outcome({ url }, request, { singleConnection })
      assert.deepEqual(error, { name: 'TypeError', message: 'query must be text, for example print(document)' })
      assert.equal(requests.length, 0)
    })
  }

  test('an unknown option is reported to the sink', async () => {
    const { url } = realm.server.endpoint([])
    const [{ error }] = await outcome({ url }, subscription, { retryAttempts: 3 })
    assert.match(error.message, /there is no option "retryAttempts"/)
  })
})

/** An event stream with another status. */
function streamOf(status, text) {
  return async (exchange) => {
    exchange.head(status, eventStream)
    await exchange.write(text)
    exchange.end()
  }
}

/** Drops the message of an error where the expected one has none. */
function withoutText(expected) {
  return (heard, index) => {
    if (heard.error && expected[index]?.error && !('message' in expected[index].error)) delete heard.error.message
    return heard
  }
}
