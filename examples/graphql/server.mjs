// A GraphQL server with one subscription, and the page. Yoga sends subscriptions as server-sent events.
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { createSchema, createYoga } from 'graphql-yoga'
import { createServer as createVite } from 'vite'

const schema = createSchema({
  typeDefs: /* GraphQL */ `
    type Price {
      symbol: String!
      value: Float!
    }
    type Query {
      symbols: [String!]!
    }
    type Subscription {
      prices(symbol: String!): Price!
    }
  `,
  resolvers: {
    Query: { symbols: () => ['ACME'] },
    Subscription: { prices: { subscribe: prices, resolve: (price) => price } },
  },
})

async function* prices(_root, { symbol }) {
  for (let value = 100; ; value += Math.random() - 0.5) {
    yield { symbol, value }
    await pause(500)
  }
}

const yoga = createYoga({ schema })
const server = createServer((request, response) => {
  if (request.url.startsWith('/graphql')) void yoga(request, response)
  else vite.middlewares(request, response)
})
const vite = await createVite({ server: { middlewareMode: true, hmr: { server } } })
server.listen(Number(process.env.PORT ?? 3000), () => console.log(`http://localhost:${server.address().port}`))
