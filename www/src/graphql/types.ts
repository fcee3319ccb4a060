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
   * Not sent. Default: what the document says; without a document, such as a persisted one, `"mutation"`, which is never
   * sent twice.
   */
  readonly operationKind?: OperationKind | undefined
}

/** As GraphQL formats it in a response. */
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

/** Hears of the results of one operation. What it throws is reported, and stops nothing. */
export interface Sink<Result = unknown> {
  next(result: Result): void
  error(error: unknown): void
  complete(): void
}

/** What happens to connections. Exceptions are reported. */
export interface ClientEvents {
  /** A request is about to be made; `reconnecting`: it is not the first. */
  connecting(reconnecting: boolean): void
  /** A stream is open; `reconnected`: one was before, so that events may be missing. */
  connected(reconnected: boolean): void
  /** A connection has failed, and another one follows. */
  retrying(error: ErrorDetails): void
  /** A message of the stream, whatever it says. */
  message(event: TypedMessageEvent<string>): void
  /** No request follows; `error`: why, if that was no proper end. */
  closed(error: unknown): void
}

export interface SingleConnectionOptions {
  /** Connects with the first operation and not before. Default `true`. */
  lazy?: boolean | undefined
  /** How long a lazy connection outlives the last operation. Default 0. */
  closeAfterMs?: number | undefined
}

/** What functions for `headers` are called with. */
export interface RequestAttempt extends Attempt {
  /** The operation; none where a connection is for all. */
  readonly request: GraphQLRequest | undefined
}

type Headers = Exclude<EventSourceInit['headers'], ((...all: never[]) => unknown) | undefined>

/** What the class takes, without what the client decides itself. */
type SourceOptions =
  Omit<EventSourceInit, 'method' | 'headers' | 'body' | 'json' | 'complete' | 'interpret' | 'lastEventId' | 'store' | 'resume' | 'dedupe'>

export interface ClientOptions extends SourceOptions {
  /** A function is called for every operation, and with `singleConnection` for every connection. */
  url: string | URL | ((request?: GraphQLRequest) => string | URL)
  /** A function is called for every attempt, so that a new token is sent. */
  headers?: Headers | ((attempt: RequestAttempt) => Headers | PromiseLike<Headers>) | undefined
  /** Default `"POST"`. Mutations are always sent by it. */
  method?: 'POST' | 'GET' | 'QUERY' | undefined
  /** One connection for all operations, for servers that have the protocol's single connection mode. Default `false`. */
  singleConnection?: boolean | SingleConnectionOptions | undefined
  /** As in the class; `maxAttempts` is 5 by default, and after them the operation fails, unless the device is offline. */
  reconnect?: EventSourceInit['reconnect']
  /** As in the class; `openMs` is 30000 by default, `idleMs` `"auto"`. */
  timeouts?: EventSourceInit['timeouts']
  on?: Partial<ClientEvents> | undefined
}

/** Of the shape that `graphql-sse` and `graphql-ws` have, so that what takes theirs takes it. */
export interface Client {
  /**
   * Starts an operation. `on` hears of its connection alone, if it has one.
   *
   * @returns a function that ends it. The sink hears nothing after that.
   */
  subscribe<Data = Record<string, unknown>, Extensions = unknown>(
    request: GraphQLRequest,
    sink: Sink<ExecutionResult<Data, Extensions>>,
    on?: Partial<ClientEvents>,
  ): () => void
  /**
   * Starts an operation, and gives its results to a `for await` loop, which throws if it fails. A loop that is slow holds
   * the server back, but not with `singleConnection`.
   */
  iterate<Data = Record<string, unknown>, Extensions = unknown>(
    request: GraphQLRequest,
  ): AsyncIterableIterator<ExecutionResult<Data, Extensions>>
  /** Adds a listener, and returns what removes it. */
  on<Name extends keyof ClientEvents>(event: Name, listener: ClientEvents[Name]): () => void
  /** So that it has the type of a client of `graphql-ws`, whose other events never happen here. */
  on(event: keyof ClientEvents | 'opened' | 'ping' | 'pong' | 'error', listener: (...details: never[]) => unknown): () => void
  /** Makes the connections anew, such as after a token was renewed. Mutations that have a connection of their own keep it. */
  reconnect(): void
  /** The same as `reconnect`. */
  terminate(): void
  /** Ends everything: sinks hear `complete`, loops end. */
  dispose(): void
  [Symbol.dispose](): void
}

export type { ErrorDetails, ErrorKind }
