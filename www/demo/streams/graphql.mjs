import { GraphQLError } from 'graphql'
import { createHandler } from 'graphql-sse/lib/use/fetch'
import { createSchema, createYoga } from 'graphql-yoga'
import { lastNumber } from './event-stream.mjs'
import { pause } from './pause.mjs'
import { stampIds } from './stamp-ids.mjs'

const schema = createSchema({
  typeDefs: /* GraphQL */ `
    type Query {
      "GraphQL asks for at least one query."
      ready: Boolean!
    }
    type Subscription {
      "Counts from a number down to 0. With a time, in ms since 1970, it has begun then."
      countdown(from: Int! = 60, intervalMs: Int! = 500, startedAt: Float): Int!
    }
  `,
  resolvers: {
    Query: { ready: () => true },
    Subscription: { countdown: { subscribe: countdown, resolve: value => value } },
  },
})

/** GraphQL Yoga with one subscription, which continues after the `Last-Event-ID` of the request. */
export function graphql() {
  const yoga = createYoga({ schema, graphqlEndpoint: '*', graphiql: false, landingPage: false, fetchAPI: globalThis })
  return async request => stampIds(await yoga.fetch(request), lastNumber(request))
}

/** The same over one connection for all operations of a client, which has no ids. */
export function graphqlOverOneStream() {
  return createHandler({ schema, context: ({ raw }) => ({ request: raw }) })
}

async function* countdown(_root, { from, intervalMs, startedAt }, { request }) {
  if (from < 0 || from > 10_000) throw new GraphQLError('from: 0 to 10000')
  if (intervalMs < 1 || intervalMs > 10_000) throw new GraphQLError('intervalMs: 1 to 10000')

  const now = Date.now()
  const began = startedAt ?? now - lastNumber(request) * intervalMs
  // Numbers that were due before are not sent: a subscriber that comes back may have them.
  for (let passed = Math.max(0, Math.ceil((now - began) / intervalMs)); passed <= from; passed += 1) {
    await pause(began + passed * intervalMs - Date.now())
    yield from - passed
  }
}
