/** Apollo Client, urql and Relay over this client: they accept it unchanged, and their subscriptions work. */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join, sep } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { importMap, packedPackage } from '../e2e/packed.mjs'
import { packages, startServer } from './servers.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const COUNT = 'subscription Count($to: Int!) { count(to: $to) }'
const NEWS = 'subscription News { news(name: "a") }'

describe('clients', () => {
  let packed, server, require, graphql, client
  before(async () => {
    require = createRequire(join(await packages(), 'package.json'))
    packed = await packedPackage()
    const entries = importMap(packed.manifest, packed.directory + sep)
    graphql = await import(pathToFileURL(entries['eventsource-wasm/graphql']))
    server = await startServer('GraphQL Yoga')
    // Apollo Client 3 asks whose errors are of a WebSocket.
    globalThis.WebSocket ??= class WebSocket {}
  })
  beforeEach(() => { client = graphql.createClient({ url: server.distinctUrl, reconnect: { maxBackoffMs: 0 } }) })
  after(async () => {
    client?.dispose()
    await server?.close()
    await packed?.remove()
  })

  test('their types accept it', async () => {
    await packages()
    const { stdout } = await promisify(execFile)(join(root, 'node_modules', '.bin', 'tsc'), ['--project', join(root, 'tests', 'graphql', 'types')]).catch((error) => error)
    assert.equal(stdout, '')
  })

  /** How each subscribes: returns what ends the subscription. */
  const libraries = {
    'Apollo Client 4': (query, variables, observer) => {
      const { ApolloClient, InMemoryCache, gql } = require('@apollo/client')
      const { GraphQLWsLink } = require('@apollo/client/link/subscriptions')
      const apollo = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(client) })
      const subscription = apollo.subscribe({ query: gql(query), variables }).subscribe({
        ...observer, next: ({ data, error }) => (error ? observer.error(error) : observer.next(data)),
      })
      return () => subscription.unsubscribe()
    },
    'Apollo Client 3': (query, variables, observer) => {
      const { ApolloClient, InMemoryCache, gql } = require('apollo-client-3/core')
      const { GraphQLWsLink } = require('apollo-client-3/link/subscriptions')
      const apollo = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(client) })
      const subscription = apollo.subscribe({ query: gql(query), variables }).subscribe({ ...observer, next: ({ data }) => observer.next(data) })
      return () => subscription.unsubscribe()
    },
    urql: (query, variables, observer) => {
      const { Client, gql, subscriptionExchange } = require('@urql/core')
      const urql = new Client({
        url: 'http://unused.example/', preferGetMethod: false,
        exchanges: [subscriptionExchange({ forwardSubscription: graphql.forwardSubscription(client) })],
      })
      const { onEnd, subscribe } = require('wonka')
      // At the end it gives the last result once more.
      const heard = ({ data, error, hasNext }) => (error ? observer.error(error) : hasNext && observer.next(data))
      const { unsubscribe } = subscribe(heard)(onEnd(() => observer.complete())(urql.subscription(gql(query), variables)))
      return unsubscribe
    },
    Relay: (query, variables, observer) => {
      const { Observable } = require('relay-runtime')
      const subscribe = graphql.relaySubscribe(client)
      const name = /\w+ (\w+)/.exec(query)[1]
      const request = { id: null, text: query, name, operationKind: 'subscription', metadata: {}, cacheID: '' }
      const subscription = Observable.from(subscribe(request, variables)).subscribe({ ...observer, next: ({ data }) => observer.next(data) })
      return () => subscription.unsubscribe()
    },
  }

  for (const [name, subscribe] of Object.entries(libraries)) {
    const listen = (query, variables, observer = {}) => {
      const heard = []
      let end
      const over = new Promise((resolve) => {
        end = subscribe(query, variables, {
          next: (data) => {
            heard.push({ ...data })
            observer.next?.(data)
          },
          error: (error) => resolve([...heard, error.message]),
          complete: () => resolve([...heard, 'complete']),
        })
      })
      return { heard, over, end: () => end() }
    }

    test(`${name}: a subscription runs and completes`, async () => {
      server.requests = []
      assert.deepEqual(await listen(COUNT, { to: 2 }).over, [{ count: 1 }, { count: 2 }, 'complete'])
      assert.deepEqual(server.requests.map(({ method }) => method), ['POST'])
    })

    test(`${name}: a server error is reported as an error`, async () => {
      const heard = await listen('subscription Forbidden { forbidden }', {}).over
      assert.match(heard[0], /Not for you/)
    })

    test(`${name}: it resumes after a drop, and unsubscribing ends it on the server`, async () => {
      server.started = 0
      const { heard, end } = listen(NEWS, {}, { next: ({ news }) => { if (news === 'a' && server.started === 1) server.drop() } })
      await server.until(() => server.started === 2)
      server.publish('b')
      while (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 10))
      assert.deepEqual(heard, [{ news: 'a' }, { news: 'a' }, { news: 'b' }])
      end()
      await server.until(() => server.readers === 0 && server.openStreams === 0)
    })
  }

  test('Relay: a persisted document has its id in the extensions, or where the application says', async () => {
    const { Observable } = require('relay-runtime')
    const bodies = []
    const fetch = async (_, { body }) => {
      bodies.push(JSON.parse(body))
      return new Response('{"data":{}}', { headers: { 'content-type': 'application/json' } })
    }
    const told = graphql.createClient({ url: server.distinctUrl, fetch })
    const request = { id: 'abc', text: null, name: 'News', operationKind: 'subscription' }
    for (const options of [undefined, { persisted: ({ id }) => ({ documentId: id }) }]) {
      const subscription = graphql.relaySubscribe(told, options)(request, { a: 1 })
      await new Promise((complete) => Observable.from(subscription).subscribe({ complete }))
    }
    assert.deepEqual(bodies, [
      { extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } }, operationName: 'News', variables: { a: 1 } },
      { documentId: 'abc', operationName: 'News', variables: { a: 1 } },
    ])
  })
})
