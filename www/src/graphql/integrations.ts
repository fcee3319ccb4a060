import type { Client, ExecutionResult, GraphQLRequest, Sink } from './types.js'

/** The operation that urql's `subscriptionExchange` passes. */
export interface ForwardedRequest extends Omit<GraphQLRequest, 'operationKind'> {
  readonly documentId?: string | undefined
}

type AnyResult = ExecutionResult<Record<string, unknown>, Record<string, unknown>>

/**
 * The `forwardSubscription` option for urql's `subscriptionExchange`.
 *
 * @example
 * subscriptionExchange({ forwardSubscription: forwardSubscription(client) })
 */
export function forwardSubscription(client: Client) {
  return (request: ForwardedRequest, operation?: { readonly kind: string }): {
    subscribe(observer: Sink<AnyResult>): { unsubscribe(): void }
  } => ({
    subscribe: (observer) => ({ unsubscribe: client.subscribe(withKind(request, operation?.kind), observer) }),
  })
}

/** Relay's description of an operation. */
export interface RelayRequest {
  readonly id?: string | null | undefined
  readonly name: string
  readonly operationKind: string
  readonly text?: string | null | undefined
}

export interface RelaySubscription {
  unsubscribe(): void
  readonly closed: boolean
}

export interface RelayOptions {
  /** Builds the request when there is no text. Default: sends the id as `extensions.persistedQuery.sha256Hash`. */
  persisted?: ((request: RelayRequest) => GraphQLRequest) | undefined
}

/**
 * A subscribe function for Relay. Pass its results to `Observable.from`.
 *
 * @example
 * const subscribe = relaySubscribe(client)
 * Network.create(fetchQuery, (request, variables) => Observable.from(subscribe(request, variables)))
 */
export function relaySubscribe(client: Client, { persisted = byHash }: RelayOptions = {}) {
  return <Result>(request: RelayRequest, variables: Record<string, unknown>): {
    subscribe(observer: Partial<Sink<Result>>): RelaySubscription
  } => ({
    subscribe: (observer) => {
      let closed = false
      const document = typeof request.text === 'string' ? { query: request.text } : persisted(request)
      const end = client.subscribe(withKind({ ...document, operationName: request.name, variables }, request.operationKind), {
        next: (result) => observer.next?.(result as Result),
        error: (error) => {
          closed = true
          observer.error?.(error)
        },
        complete: () => {
          closed = true
          observer.complete?.()
        },
      })
      return {
        unsubscribe: () => {
          closed = true
          end()
        },
        get closed() {
          return closed
        },
      }
    },
  })
}

function byHash({ id }: RelayRequest): GraphQLRequest {
  return { extensions: { persistedQuery: { version: 1, sha256Hash: id } } }
}

function withKind(request: GraphQLRequest, kind: string | undefined): GraphQLRequest {
  return { ...request, operationKind: kind as GraphQLRequest['operationKind'] }
}
