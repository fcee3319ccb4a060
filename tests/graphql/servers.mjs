/** graphql-sse's handler and GraphQL Yoga, over sockets that a test can break. */

import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { installed } from '../../scripts/installed.mjs'

/** Where the packages are that package.json names. */
export const packages = () => installed('tests/graphql', 'graphql')

const types = /* GraphQL */ `
  type Query { hello: String! }
  type Mutation { add: Int! }
  type Subscription {
    "From 1 to a number."
    count(to: Int!): Int!
    "Its name at once, and then what is published."
    news(name: String!): String!
    "One event, and then an exception."
    failing: Int!
    "Refused with an HTTP status, where the server has those."
    forbidden: Int!
  }
`

/** What each server is, and where its two modes are. */
export const servers = {
  'graphql-sse': {
    distinct: '/graphql', single: '/graphql',
    listener: (require, schema) => require('graphql-sse/lib/use/http').createHandler({ schema }),
  },
  'GraphQL Yoga': {
    distinct: '/graphql', single: '/graphql/stream',
    listener: (require, schema) => {
      const { createYoga } = require('graphql-yoga')
      const { useGraphQLSSE } = require('@graphql-yoga/plugin-graphql-sse')
      return createYoga({ schema, plugins: [useGraphQLSSE()], logging: false, maskedErrors: false, cors: false })
    },
  },
}

const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type, x-graphql-event-stream-token',
}

/** Starts one of them. Answers 401 to what has no valid token, once there is one. */
export async function startServer(name) {
  const require = createRequire(join(await packages(), 'package.json'))
  const server = new GraphQLServer()
  const handle = servers[name].listener(require, schemaOf(require('graphql'), server))
  const http = createServer((request, response) => server.receive(request, response, handle))
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${http.address().port}`
  server.distinctUrl = origin + servers[name].distinct
  server.singleUrl = origin + servers[name].single
  server.close = () => new Promise((resolve) => {
    http.close(resolve)
    http.closeAllConnections()
  })
  return server
}

class GraphQLServer {
  /** What was asked for, without preflights: the method and the headers. */
  requests = []
  /** A token that requests need. */
  token
  added = 0
  /** Subscriptions to the news so far. */
  started = 0
  #streams = new Set()
  #readers = new Set()
  #waiting = []

  async receive(request, response, handle) {
    for (const [header, value] of Object.entries(cors)) response.setHeader(header, value)
    if (request.method === 'OPTIONS') return response.writeHead(204).end()
    const { method, url, headers } = request
    this.requests.push({ method, url, headers })
    if (this.token !== undefined && headers.authorization !== this.token) {
      return response.writeHead(401, { 'content-type': 'application/json' }).end('{"errors":[{"message":"The token has expired"}]}')
    }
    if (headers.accept === 'text/event-stream') {
      this.#streams.add(response)
      response.once('close', () => {
        this.#streams.delete(response)
        this.#changed()
      })
    }
    response.once('finish', () => this.#changed())
    try {
      await handle(request, response)
    } catch {
      // What its documentation has an application do. The head is sent long ago.
      response.end()
    }
  }

  count(method) {
    return this.requests.filter((request) => request.method === method).length
  }

  /** Breaks all event streams. */
  drop() {
    for (const response of this.#streams) response.destroy()
  }

  publish(text) {
    for (const reader of this.#readers) reader.push(text)
  }

  /** Resolves when `condition` holds, which is asked whenever something has changed. */
  async until(condition) {
    while (!condition()) await new Promise((resolve) => this.#waiting.push(resolve))
  }

  get openStreams() {
    return this.#streams.size
  }

  get readers() {
    return this.#readers.size
  }

  /** Its name, and then what is published. */
  news(name) {
    const texts = [name]
    let wake
    const reader = {
      push: (text) => {
        texts.push(text)
        wake?.()
      },
    }
    const readers = this.#readers
    const changed = () => this.#changed()
    readers.add(reader)
    this.started += 1
    changed()
    let isOver = false
    const leave = () => {
      isOver = true
      readers.delete(reader)
      changed()
      wake?.()
    }
    // A generator would not hear of its end while it waits.
    return Object.assign((async function* () {
      for (;;) {
        if (texts.length > 0) yield { news: texts.shift() }
        else if (isOver) return
        else await new Promise((resolve) => { wake = resolve })
      }
    })(), {
      async return() {
        leave()
        return { done: true, value: undefined }
      },
    })
  }

  #changed() {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

function schemaOf({ buildSchema, GraphQLError }, server) {
  const schema = buildSchema(types)
  schema.getQueryType().getFields().hello.resolve = () => 'world'
  schema.getMutationType().getFields().add.resolve = () => (server.added += 1)
  const { count, news, failing, forbidden } = schema.getSubscriptionType().getFields()
  count.subscribe = async function* (_, { to }) {
    for (let value = 1; value <= to; value += 1) yield { count: value }
  }
  news.subscribe = (_, { name }) => server.news(name)
  failing.subscribe = async function* () {
    yield { failing: 1 }
    throw new Error('The source is gone')
  }
  forbidden.subscribe = () => { throw new GraphQLError('Not for you', { extensions: { http: { status: 401 } } }) }
  return schema
}
