// For users whose `lib` does not have `Symbol.dispose`.
/// <reference lib="esnext.disposable" preserve="true" />

import type { Attempt, ErrorDetails, ErrorKind, EventSourceInit, TypedMessageEvent } from '../types.js'

export type OperationKind = 'query' | 'mutation' | 'subscription'

/** The parameters of a GraphQL request. Members that are not named here, such as `documentId`, are sent as they are. */
export interface GraphQLRequest {
  readonly query?: string | undefined
  readonly operationName?: string | null | undefined
  readonly variables?: Record<string, unknown> | null | undefined
  readonly extensions?: Record<string, unknown> | null | undefined
  /**
   * Not sent. Default: taken from the document; without one, as for persisted documents, `"mutation"`, which is never sent
   * twice.
   */
  readonly operationKind?: OperationKind | undefined
}

/** An error as formatted in a GraphQL response. */
export interface GraphQLFormattedError {
  readonly message: string
  readonly locations?: readonly { readonly line: number, readonly column: number }[]
  readonly path?: readonly (string | number)[]
  readonly extensions?: Record<string, unknown>
}

export interface ExecutionResult<Data = Record<string, unknown>, Extensions = Record<string, unknown>> {
  data?: Data | null
  errors?: readonly GraphQLFormattedError[]
  extensions?: Extensions
  hasNext?: boolean
}

/** Receives the results of one operation. Exceptions are reported; the operation continues. */
export interface Sink<Result = unknown> {
  next(result: Result): void
  error(error: unknown): void
  complete(): void
}

/** Connection events. Exceptions from listeners are reported. */
export interface ClientEvents {
  /** A request is about to be made; `reconnecting`: it is not the first. */
  connecting(reconnecting: boolean): void
  /** A stream is open; `reconnected`: after an interruption, so events may be missing. */
  connected(reconnected: boolean): void
  /** A connection has failed; another follows. */
  retrying(error: ErrorDetails): void
  /** Any message of the stream. */
  message(event: TypedMessageEvent<string>): void
  /** No request follows; `error`: the reason, unless the stream ended properly. */
  closed(error: unknown): void
}

export interface SingleConnectionOptions {
  /** Connects only when the first operation starts. Default `true`. */
  lazy?: boolean | undefined
  /** Milliseconds for which a lazy connection outlives the last operation. Default 0. */
  closeAfterMs?: number | undefined
}

/** The argument of `headers` functions. */
export interface RequestAttempt extends Attempt {
  /** The operation that is sent; `undefined` for the stream that all share with `singleConnection`. */
  readonly request: GraphQLRequest | undefined
}

type Headers = Exclude<EventSourceInit['headers'], ((...all: never[]) => unknown) | undefined>

/** The options of the class, without those that the client sets itself. */
type SourceOptions =
  Omit<EventSourceInit, 'method' | 'headers' | 'body' | 'json' | 'complete' | 'interpret' | 'lastEventId' | 'store' | 'resume' | 'dedupe'>

export interface ClientOptions extends SourceOptions {
  /** A function is called for every operation, and with `singleConnection` for every connection. */
  url: string | URL | ((request?: GraphQLRequest) => string | URL)
  /** A function is called for every attempt, so that it can send a fresh token. */
  headers?: Headers | ((attempt: RequestAttempt) => Headers | PromiseLike<Headers>) | undefined
  /** Default `"POST"`. Mutations always use POST. */
  method?: 'POST' | 'GET' | 'QUERY' | undefined
  /** One connection for all operations, for servers that have the protocol's single connection mode. Default `false`. */
  singleConnection?: boolean | SingleConnectionOptions | undefined
  /** As in the class, but `maxAttempts` defaults to 5; then the operation fails, unless the device is offline. */
  reconnect?: EventSourceInit['reconnect']
  /** As in the class; `openMs` is 30000 by default, `idleMs` `"auto"`. */
  timeouts?: EventSourceInit['timeouts']
  on?: Partial<ClientEvents> | undefined
}

/** Compatible with the clients of `graphql-sse` and `graphql-ws`, so it works wherever theirs do. */
export interface Client {
  /**
   * Starts an operation. `on` receives the events of this operation's own connection, if it has one.
   *
   * @returns a function that ends it. The sink receives nothing after that.
   */
  subscribe<Data = Record<string, unknown>, Extensions = unknown>(
    request: GraphQLRequest,
    sink: Sink<ExecutionResult<Data, Extensions>>,
    on?: Partial<ClientEvents>,
  ): () => void
  /**
   * Starts an operation and yields its results to a `for await` loop, which throws if it fails. A slow loop applies
   * backpressure, except with `singleConnection`.
   */
  iterate<Data = Record<string, unknown>, Extensions = unknown>(
    request: GraphQLRequest,
  ): AsyncIterableIterator<ExecutionResult<Data, Extensions>>
  /** Adds a listener; returns a function that removes it. */
  on<Name extends keyof ClientEvents>(event: Name, listener: ClientEvents[Name]): () => void
  /** For type compatibility with `graphql-ws` clients, whose other events never happen here. */
  on(event: keyof ClientEvents | 'opened' | 'ping' | 'pong' | 'error', listener: (...details: never[]) => unknown): () => void
  /** Reopens the connections, for example after a token was renewed. Mutations keep a connection of their own. */
  reconnect(): void
  /** The same as `reconnect`. */
  terminate(): void
  /** Ends everything: sinks receive `complete`, loops end. */
  dispose(): void
  [Symbol.dispose](): void
}

export type { ErrorDetails, ErrorKind }
