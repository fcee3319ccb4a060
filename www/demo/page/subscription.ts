import { EventSourceErrorEvent } from 'eventsource-wasm'
import { GraphQLStreamError, type Client, type ErrorDetails, type ExecutionResult, type GraphQLRequest } from 'eventsource-wasm/graphql'
import type { Source } from './stream-panel.js'

interface Listeners<Data> {
  next(result: ExecutionResult<Data>, event: MessageEvent<string>): void
  complete(event: MessageEvent<string>): void
}

/** One operation of a GraphQL client of its own, as a panel shows streams. */
export class Subscription implements Source {
  lastEventId = ''
  readonly #client: Client
  readonly #events = new EventTarget()
  #end = (): void => {}
  /** Those whose results are still to come. */
  #messages: MessageEvent<string>[] = []

  constructor(client: Client) {
    this.#client = client
    client.on('connected', () => this.#events.dispatchEvent(new Event('open')))
    client.on('retrying', error => this.#fail(error))
    client.on('message', event => {
      this.#messages.push(event)
      this.lastEventId = event.lastEventId
    })
  }

  start<Data>(request: GraphQLRequest, { next, complete }: Listeners<Data>): void {
    this.#end = this.#client.subscribe<Data, Record<string, unknown>>(request, {
      next: result => next(result, this.#take()),
      complete: () => complete(this.#take()),
      error: error => {
        if (error instanceof GraphQLStreamError && error.cause instanceof EventSourceErrorEvent) this.#fail(error.cause)
        else throw error
      },
    })
  }

  readonly addEventListener: Source['addEventListener'] = (type: string, listener: unknown) => {
    this.#events.addEventListener(type, listener as (event: Event) => void)
  }

  close(): void {
    // Otherwise the sink's complete() would be called.
    this.#end()
    this.#client.dispose()
  }

  #take(): MessageEvent<string> {
    return this.#messages.shift() ?? new MessageEvent('message')
  }

  #fail(details: ErrorDetails): void {
    this.#events.dispatchEvent(new EventSourceErrorEvent(details))
  }
}
