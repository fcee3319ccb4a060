import { MAX_TIMER_MS } from '../platform/timer.js'
import { eventStream } from './answers.js'
import { openOperation, type Mode } from './distinct.js'
import type { Emit } from './events.js'
import { isMutation } from './mutation.js'
import { Queue } from './queue.js'
import { resultsOf, type Results } from './results.js'
import { openSource, reopen, urlOf, type Opened, type Settings } from './source.js'
import { GraphQLStreamError, parse } from './stream-error.js'
import type { ExecutionResult, GraphQLRequest, SingleConnectionOptions } from './types.js'

type Fetch = typeof globalThis.fetch

const TOKEN = 'x-graphql-event-stream-token'

/** An operation that has a consumer. */
interface Running {
  readonly request: GraphQLRequest
  readonly queue: Queue<ExecutionResult>
  /** The server's id for it and the request that sent it; undefined until it is sent over this stream. */
  id: string | undefined
  sent: Parameters<Fetch> | undefined
  /** The server's response to that request. */
  answer: Results | undefined
  /** It has already restarted the stream once. */
  hasRestarted: boolean
}

/**
 * All operations share a stream, which the class keeps alive. Each of its attempts makes a new reservation, over which the
 * remaining operations are sent again with new ids.
 */
export class SingleMode implements Mode {
  readonly #settings: Settings
  readonly #emit: Emit
  readonly #closeAfterMs: number
  readonly #running = new Set<Running>()
  #stream: Opened | undefined
  #token = ''
  #ids = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(settings: Settings, { lazy = true, closeAfterMs = 0 }: SingleConnectionOptions, emit: Emit) {
    this.#settings = settings
    this.#emit = emit
    this.#closeAfterMs = lazy ? closeAfterMs : Infinity
    if (!lazy) this.#connect()
  }

  start(request: GraphQLRequest): Results {
    const queue = new Queue<ExecutionResult>(() => this.#leave(running))
    const running: Running = { request, queue, id: undefined, answer: undefined, sent: undefined, hasRestarted: false }
    const { source } = this.#stream ?? this.#connect()
    clearTimeout(this.#timer)
    this.#running.add(running)
    if (source.readyState === source.OPEN) this.#send(running, source.url)
    return queue.results
  }

  reconnect(): void {
    if (this.#stream) reopen(this.#stream.source)
  }

  dispose(): void {
    for (const running of this.#running) this.#abandon(running)
    this.#close()
  }

  #connect(): Opened {
    const settings = { ...this.#settings, fetch: this.#reserve }
    const stream = openSource(settings, { url: urlOf(settings), complete: (message) => this.#take(message), emit: this.#emit })
    const { source, errorOf } = stream
    this.#stream = stream
    source.addEventListener('open', () => { for (const running of this.#running) this.#send(running, source.url) })
    source.addEventListener('error', (event) => { if (event.willReconnect) this.#recall(new GraphQLStreamError(event, undefined, event)) })
    source.closed.catch((thrown: unknown) => {
      if (this.#stream !== stream) return
      this.#close()
      for (const running of this.#running) this.#abandon(running, errorOf(thrown))
    })
    return stream
  }

  /** [spec] PUT reserves a token, with which the stream is requested. */
  readonly #reserve: Fetch = async (url, init) => {
    const { fetch } = this.#settings
    const reservation = await fetch(url, { ...init, method: 'PUT', headers: { ...init?.headers, accept: 'text/plain' } })
    if (reservation.status !== 201) return reservation
    this.#token = await reservation.text()
    return fetch(url, { ...init, headers: { ...init?.headers, [TOKEN]: this.#token } })
  }

  #send(running: Running, url: string): void {
    const fetch: Fetch = (url, init) => this.#post(running, url, init)
    const settings: Settings = { ...this.#settings, method: 'POST', url, fetch }
    try {
      running.answer = resultsOf(openOperation(settings, running.request, () => {}))
      void this.#await(running, running.answer)
    } catch (error) {
      this.#end(running, error)
    }
  }

  /** Each attempt has a new id: after a failure, the server may still hold the old one. */
  async #post(running: Running, url: Parameters<Fetch>[0], init: Parameters<Fetch>[1]): Promise<Response> {
    // It may have completed before the server answered.
    if (!this.#running.has(running)) return accepted()
    this.#stop(running)
    const operationId = `${this.#ids += 1}`
    const { request: { operationKind: _, extensions, ...request } } = running
    const body = JSON.stringify({ ...request, extensions: { ...extensions, operationId } })
    running.id = operationId
    running.sent = [url, { ...init, body, headers: { ...init?.headers, accept: 'application/json', [TOKEN]: this.#token } }]
    const response = await this.#settings.fetch(...running.sent)
    // [spec] 202: the results come over the stream. 204: it was stopped meanwhile.
    return response.status === 202 || response.status === 204 ? accepted() : response
  }

  async #await(running: Running, answer: Results): Promise<void> {
    let isResult = false
    try {
      for await (const result of answer) {
        isResult = true
        running.queue.push(result)
      }
    } catch (error) {
      if (running.answer !== answer) return
      const { status } = error as Partial<GraphQLStreamError>
      if (running.hasRestarted || (status !== 404 && status !== 409)) return this.#end(running, error)
      // The reservation is gone, so the operation was not carried out.
      running.hasRestarted = true
      running.id = running.sent = undefined
      this.reconnect()
      return
    }
    if (running.answer !== answer) return
    if (isResult) this.#end(running)
    else running.hasRestarted = false
  }

  /** Handles a message of the stream. */
  #take({ type, data }: MessageEvent<string>): Error | undefined {
    if (type !== 'next' && type !== 'complete') return undefined
    let value
    try {
      value = parse(data)
    } catch (error) {
      return error as Error
    }
    const { id, payload } = Object(value) as { id?: unknown, payload?: unknown }
    for (const running of this.#running) {
      // Those that are not sent yet have no id.
      if (typeof id !== 'string' || running.id !== id) continue
      if (type === 'complete') this.#end(running)
      else running.queue.push(Object(payload) as ExecutionResult)
    }
    return undefined
  }

  /** The stream has broken, and its token is invalid. Operations are sent again over the next one, except mutations. */
  #recall(error: GraphQLStreamError): void {
    for (const running of this.#running) {
      const { answer, id, request } = running
      running.id = running.answer = running.sent = undefined
      void answer?.return?.()
      if (id !== undefined && isMutation(request)) this.#end(running, error)
    }
  }

  /** The server has ended it, or it cannot continue. */
  #end(running: Running, error?: unknown): void {
    this.#running.delete(running)
    running.answer = undefined
    running.queue.end(error)
    this.#rest()
  }

  /** Ends it, and the request that sends it. */
  #abandon(running: Running, error?: unknown): void {
    const { answer } = running
    this.#end(running, error)
    void answer?.return?.()
  }

  /** Its consumer has left. */
  #leave(running: Running): void {
    this.#abandon(running)
    this.#stop(running)
  }

  /** [spec] DELETE with the id stops an operation. The request may outlive the page; its outcome is ignored. */
  #stop({ id, sent }: Running): void {
    if (id === undefined || sent === undefined) return
    const [url, init] = sent
    const target = new URL(url as string)
    target.searchParams.set('operationId', id)
    const stop = async (): Promise<unknown> => this.#settings.fetch(target.href, { ...init, method: 'DELETE', body: null, signal: null, keepalive: true })
    stop().catch(() => {})
  }

  #rest(): void {
    if (this.#running.size > 0 || this.#closeAfterMs === Infinity) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#close(), Math.min(this.#closeAfterMs, MAX_TIMER_MS))
  }

  #close(): void {
    clearTimeout(this.#timer)
    this.#stream?.source.close()
    this.#stream = undefined
  }
}

/** What the class gets for an operation whose results come over the stream. */
function accepted(): Response {
  return eventStream('event:complete\n\n')
}
