// What each library of docs/plugging-in.md talks to: its protocol as far as the page's code needs it.
import { createRequire } from 'node:module'
import { json, numbered, openStream } from './prices.mjs'

/**
 * Handlers by the heading of the library's section, then by the beginning of the path: `(request, response, prices)`.
 * `installation` is where the libraries are installed.
 */
export const serversOf = (installation) => ({
  tRPC: { '/trpc': trpc(createRequire(`${installation}/`)) },
  Centrifuge: { '/connection/sse': centrifuge },
  GrowthBook: {
    '/growthbook/api/features/': (_request, response) =>
      json(response, { features: { price: { defaultValue: 0 } } }, { 'x-sse-support': 'enabled' }),
    '/growthbook/sub/': numbered('features', (price) => JSON.stringify({ features: { price: { defaultValue: price } } })),
  },
  'htmx 2': { '/prices': numbered('price', String) },
  Turbo: { '/turbo': numbered('message', (price) => `<turbo-stream action="price" value="${price}"></turbo-stream>`) },
  RxJS: { '/prices': numbered('price', String) },
  VueUse: { '/prices': numbered('price', String) },
  PocketBase: pocketBase(),
  LaunchDarkly: {
    '/launchdarkly/sdk/evalx/': (_request, response) => json(response, { price: { value: 0, version: 1, flagVersion: 1 } }),
    '/launchdarkly/eval/': launchDarkly,
  },
})

/** The library's own server, which goes on after the last event ID. */
function trpc(require) {
  const { initTRPC, tracked } = require('@trpc/server')
  const { nodeHTTPRequestHandler } = require('@trpc/server/adapters/node-http')
  const { router, procedure } = initTRPC.context().create({ sse: { client: { reconnectAfterInactivityMs: 60_000 } } })
  const appRouter = router({
    prices: procedure.input((input) => input).subscription(async function* ({ input, ctx: { prices, response } }) {
      for await (const price of prices.numbers(Number(input?.lastEventId ?? 0), response)) yield tracked(String(price), price)
    }),
  })
  return (req, res, prices) =>
    nodeHTTPRequestHandler({
      req, res, router: appRouter, path: new URL(req.url, 'http://localhost').pathname.slice('/trpc/'.length),
      createContext: () => ({ prices, response: res }),
    })
}

function centrifuge(request, response, prices) {
  const { id } = JSON.parse(new URL(request.url, 'http://localhost').searchParams.get('cf_connect'))
  const connect = { client: 'client', version: '0', ping: 25, pong: false, subs: { prices: {} } }
  openStream(response, `data: ${JSON.stringify({ id, connect })}\n\n`)
  return prices.tell(response, (value) => `data: ${JSON.stringify({ push: { channel: 'prices', pub: { data: { value } } } })}\n\n`)
}

/** A client gets its ID by the stream, then says by a POST what it wants there. */
function pocketBase() {
  const streams = new Map()
  return {
    '/pocketbase/api/realtime': async (request, response, prices) => {
      if (request.method === 'GET') {
        const clientId = `client-${streams.size}`
        streams.set(clientId, response)
        return openStream(response, `id: ${clientId}\nevent: PB_CONNECT\ndata: ${JSON.stringify({ clientId })}\n\n`)
      }
      const body = await new Response(request).json()
      response.writeHead(204).end()
      const [topic] = body.subscriptions
      const write = (value) => `event: ${topic}\ndata: ${JSON.stringify({ action: 'update', record: { value } })}\n\n`
      return prices.tell(streams.get(body.clientId), write)
    },
  }
}

/** Every connection begins with all flags. */
function launchDarkly(_request, response, prices) {
  const flag = (value) => ({ value, version: value + 1, flagVersion: value + 1 })
  openStream(response, `event: put\ndata: ${JSON.stringify({ price: flag(prices.last) })}\n\n`)
  return prices.tell(response, (price) => `event: patch\ndata: ${JSON.stringify({ key: 'price', ...flag(price) })}\n\n`)
}
