export { createClient } from './graphql/client.js'
export * from './graphql/integrations.js'
export { GraphQLStreamError } from './graphql/stream-error.js'
export type * from './graphql/types.js'
