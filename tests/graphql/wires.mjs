/**
 * The bodies of event streams as GraphQL servers write them, from their sources: a subscription that counts from 1 to 2 and
 * completes. graphql-sse and GraphQL Yoga are there themselves, see servers.mjs.
 */

const next = (n) => JSON.stringify({ data: { count: n } })

export const wires = {
  'Cosmo router': `event: next\ndata: ${next(1)}\n\n:heartbeat\n\nevent: next\ndata: ${next(2)}\n\n:heartbeat\n\nevent: complete\ndata: \n\n`,
  gqlgen: `:\n\n: ping\n\nevent: next\ndata: ${next(1)}\n\nevent: next\ndata: ${next(2)}\n\nevent: complete\n\n`,
  'Hot Chocolate': `event: next\ndata: ${next(1)}\n\n:\n\nevent: next\ndata: ${next(2)}\n\nevent: complete\n\n`,
  'GraphQL Yoga, old': `data: ${next(1)}\n\ndata: ${next(2)}\n\nevent: complete\n\n`,
  'with a payload, CR LF': `event: next\r\ndata: {"payload":${next(1)}}\r\n\r\nevent: next\r\ndata: {"payload":${next(2)}}\r\n\r\nevent: complete\r\ndata\r\n\r\n`,
  'with pings that have a name': `event: ping\ndata: {}\n\nevent: next\ndata: ${next(1)}\n\nevent: ping\ndata\n\ndata: {"type":"ka"}\n\nevent: next\ndata: ${next(2)}\n\nevent: complete\ndata: \n\n`,
}

/** Older releases of DGS end a subscription by ending the body. */
export const endless = { DGS: `data:${next(1)}\n\ndata:${next(2)}\n\n` }

export const subscription = { query: 'subscription { count(to: 2) }' }
export const mutation = { query: 'mutation { add }' }
