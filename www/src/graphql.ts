import { EventSource } from './index.js'
import { makeClient } from './graphql/client.js'
import type { Client, ClientOptions } from './graphql/types.js'

export * from './graphql/integrations.js'
export { GraphQLStreamError } from './graphql/stream-error.js'
export type * from './graphql/types.js'

/**
 * A client for GraphQL over server-sent events.
 *
 * @example
 * const client = createClient({ url: '/graphql', headers: async () => ({ authorization: await token() }) })
 * for await (const { data } of client.iterate({ query: 'subscription { prices { symbol value } }' })) console.log(data)
 */
export function createClient(options: ClientOptions): Client {
  return makeClient(EventSource, options)
}
