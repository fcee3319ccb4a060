import { GraphQLError } from 'graphql'
import { createSchema, createYoga } from 'graphql-yoga'
import { lastNumber } from './event-stream.mjs'
import { pause } from './pause.mjs'
import { stampIds } from './stamp-ids.mjs'

/** GraphQL Yoga with one subscription, which continues after the `Last-Event-ID` of the request. */
export function graphql() {
  const schema = createSchema({
    typeDefs: /* GraphQL */ `
      type Query {
        "GraphQL asks for at least one query."
        ready: Boolean!
      }
      type Subscription {
        "Counts from a number down to 0."
        countdown(from: Int! = 60, intervalMs: Int! = 500): Int!
      }
    `,
    resolvers: {
      Query: { ready: () => true },
      Subscription: { countdown: { subscribe: countdown, resolve: value => value } },
    },
  })
  const yoga = createYoga({ schema, graphqlEndpoint: '*', graphiql: false, landingPage: false, fetchAPI: globalThis })
  return async request => stampIds(await yoga.fetch(request), lastNumber(request))
}

async function* countdown(_root, { from, intervalMs }, { request }) {
  if (from < 0 || from > 10_000) throw new GraphQLError('from: 0 to 10000')
  if (intervalMs < 1 || intervalMs > 10_000) throw new GraphQLError('intervalMs: 1 to 10000')

  for (let value = from - lastNumber(request); value >= 0; value -= 1) {
    yield value
    await pause(intervalMs)
  }
}
