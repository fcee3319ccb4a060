import { call } from '../platform/call.js'
import { DistinctMode } from './distinct.js'
import { Listeners } from './events.js'
import { SingleMode } from './single.js'
import type { Client, ClientEvents, ClientOptions, ExecutionResult, GraphQLRequest, SingleConnectionOptions, Sink } from './types.js'

type Results = AsyncIterableIterator<ExecutionResult<never, never>>

/**
 * A client for GraphQL over server-sent events.
 *
 * @example
 * const client = createClient({ url: '/graphql', headers: async () => ({ authorization: await token() }) })
 * for await (const { data } of client.iterate({ query: 'subscription { prices { symbol value } }' })) console.log(data)
 */
export function createClient({ url, headers, method, singleConnection, reconnect, timeouts, on, fetch = lateFetch, ...passed }: ClientOptions): Client {
  const listeners = new Listeners(on)
  const settings = { url, headers, method, reconnect, timeouts, fetch, passed }
  const mode = singleConnection
    ? new SingleMode(settings, Object(singleConnection) as SingleConnectionOptions, listeners.emitter())
    : new DistinctMode(settings)
  let isDisposed = false

  const start = (request: GraphQLRequest, on?: Partial<ClientEvents>): Results => {
    if (isDisposed) throw new DOMException('The client is disposed', 'InvalidStateError')
    if (typeof (request.query ?? '') !== 'string') throw new TypeError('query must be text, for example print(document)')
    return mode.start(request, listeners.emitter(on)) as Results
  }
  const again = (): void => mode.reconnect()
  const dispose = (): void => {
    isDisposed = true
    mode.dispose()
  }
  return {
    subscribe: (request, sink, on) => subscribe(() => start(request, on), sink),
    iterate: (request) => start(request),
    on: (event: keyof ClientEvents, listener: unknown) => listeners.add({ [event]: listener }),
    reconnect: again,
    terminate: again,
    dispose,
    // Engines without `Symbol.dispose` get the method above again.
    [Symbol.dispose ?? 'dispose']: dispose,
  }
}

/** Looks `fetch` up when it is called: an application may replace it. */
function lateFetch(...request: Parameters<typeof globalThis.fetch>): Promise<Response> {
  return globalThis.fetch(...request)
}

/** Passes the results of an operation to a sink until the returned function is called. */
function subscribe(start: () => Results, sink: Sink<ExecutionResult<never, never>>): () => void {
  let isOver = false
  let results: Results | undefined
  const tell = (act: () => void): void => { if (!isOver) call(act) }
  const give = async (): Promise<void> => {
    try {
      results = start()
      for await (const result of results) tell(() => sink.next(result))
    } catch (error) {
      // The caller must first receive the function that ends it.
      await undefined
      return tell(() => sink.error(error))
    }
    tell(() => sink.complete())
  }
  void give()
  return () => {
    isOver = true
    void results?.return?.()
  }
}
