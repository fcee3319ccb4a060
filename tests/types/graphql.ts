/** The client for GraphQL, in types. Compiled, never run. */
import { createClient, GraphQLStreamError, type Client, type ClientOptions, type ExecutionResult } from 'eventsource-wasm/graphql'

const options: ClientOptions = {
  url: (request) => new URL(request?.operationName ?? 'graphql', 'https://server.example/'),
  headers: async ({ attempt, reason, request }) => ({ authorization: `${attempt} ${reason} ${request?.query}` }),
  method: 'QUERY',
  singleConnection: { lazy: false, closeAfterMs: 1000 },
  reconnect: { maxBackoffMs: 1000, decide: ({ status }) => (status === 418 ? 'retry' : undefined) },
  timeouts: { idleMs: 30_000 },
  credentials: 'include',
  signal: new AbortController().signal,
  on: { connecting: (reconnecting: boolean) => { void reconnecting }, retrying: ({ kind, delayMs }) => { void [kind, delayMs] } },
}
const client: Client = createClient(options)
createClient({ url: '/graphql', singleConnection: true, reconnect: true })

const end: () => void = client.subscribe<{ price: number }>({ query: 'subscription { price }', variables: null }, {
  next: ({ data, errors }) => { const price: number | undefined = data?.price; void [price, errors?.[0]?.path] },
  error: (error) => { if (error instanceof GraphQLStreamError) void [error.kind === 'http', error.status, error.errors?.[0]?.message] },
  complete: () => {},
}, { connected: (reconnected) => { void (reconnected satisfies boolean) } })
end()

async function iterate(): Promise<void> {
  for await (const { data } of client.iterate<{ price: number }>({ query: 'subscription { price }' })) void data?.price.toFixed(2)
}
void iterate
const off: () => void = client.on('message', ({ type, data }) => { void [type, data.length] })
off()
client.reconnect()
client.dispose()
const result: ExecutionResult = { data: { a: 1 }, hasNext: false }
void result

// @ts-expect-error a client needs a URL
createClient({})
// @ts-expect-error there is no such method
createClient({ url: '/', method: 'PUT' })
// @ts-expect-error the client makes the body
createClient({ url: '/', body: '{}' })
// @ts-expect-error there is no such event
client.on('reconnected', () => {})
