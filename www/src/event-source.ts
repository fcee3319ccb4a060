import { Dispatcher } from './dispatch.js'
import { errorDetails, errorEvent, type ErrorDetails } from './error-event.js'
import { attemptRequest, hasOneShotBody, validate } from './request.js'
import { nextTask } from './task.js'
import type { EventSourceEventMap, EventSourceInit } from './types.js'
import { connect, type Connection, type Sink } from './wasm.js'

const CONNECTING = 0
const OPEN = 1
const CLOSED = 2

type Handler<This, E> = ((this: This, event: E) => unknown) | null

/**
 * `EventSource` as in HTML 9.2, over `fetch`.
 *
 * @example
 * const source = new EventSource('/prices', { method: 'POST', body: JSON.stringify({ symbols: ['X'] }) })
 * source.addEventListener('tick', (event) => console.log(event.data))
 */
export class EventSource<T extends Record<string, string> = Record<never, never>> extends EventTarget {
  static readonly CONNECTING = CONNECTING
  static readonly OPEN = OPEN
  static readonly CLOSED = CLOSED
  readonly CONNECTING = CONNECTING
  readonly OPEN = OPEN
  readonly CLOSED = CLOSED

  readonly #url: string
  readonly #withCredentials: boolean
  readonly #dispatcher: Dispatcher
  readonly #handlers = new Map<string, { value: object, listener: EventListener }>()
  #readyState: 0 | 1 | 2 = CONNECTING
  #connection: Connection | undefined

  /**
   * Connects to `url`, resolved against the document's base URL or the worker's location.
   *
   * @throws `SyntaxError` `DOMException` if `url` cannot be resolved, `TypeError` if `init` is not a valid request.
   */
  constructor(url: string | URL, init: EventSourceInit = {}) {
    super()
    this.#url = resolve(url)
    validate(init)
    this.#withCredentials = Boolean(init.withCredentials)
    const lastEventId = init.lastEventId ?? ''
    this.#dispatcher = new Dispatcher(this, lastEventId, init.events === 'platform')
    if (init.signal?.aborted) {
      this.#readyState = CLOSED
      return
    }
    init.signal?.addEventListener('abort', () => this.close(), { once: true })
    this.#connect(init, lastEventId)
  }

  #connect(init: EventSourceInit, lastEventId: string): void {
    const { method = 'GET', limits, fetch } = init
    try {
      this.#connection = connect(this.#sink(init), method, hasOneShotBody(init), lastEventId, limits?.maxEventBytes, fetch)
    } catch (cause) {
      void nextTask().then(() => this.#fail(errorDetails('wasm', 0, undefined, cause)))
    }
  }

  /** Carries out what the driver says. */
  #sink(init: EventSourceInit): Sink {
    return {
      request: (attempt, lastEventId, reason, signal) =>
        attemptRequest(this.#url, init, { attempt, lastEventId, reason: reason ?? 'open', signal }),
      announce: (response) => {
        this.#dispatcher.origin = new URL(response.url || this.#url).origin
        this.#readyState = OPEN
        this.#fire(new Event('open'))
        // Code that waits for `open` and then adds listeners must find the first message.
        return nextTask()
      },
      dispatch: (text, table, words) => this.#dispatcher.deliver(text, table, words),
      reestablish: (kind, delayMs, attempt, response, cause) => {
        this.#readyState = CONNECTING
        this.#fire(errorEvent(errorDetails(kind, attempt, response, cause, delayMs)))
        return undefined
      },
      fail: (kind, attempt, response, cause) => this.#fail(errorDetails(kind, attempt, response, cause)),
    }
  }

  #fail(details: ErrorDetails): void {
    if (this.#readyState === CLOSED) return
    this.close()
    this.#fire(errorEvent(details))
  }

  #fire(event: Event): void {
    super.dispatchEvent(event)
  }

  /** The resolved URL. */
  get url(): string {
    return this.#url
  }

  get withCredentials(): boolean {
    return this.#withCredentials
  }

  get readyState(): 0 | 1 | 2 {
    return this.#readyState
  }

  /** The last event ID string: sent with the next request, so that the server can resume. */
  get lastEventId(): string {
    return this.#dispatcher.lastEventId
  }

  /** Closes the source for good. No event is fired after this, not even those already received. */
  close(): void {
    this.#readyState = CLOSED
    const connection = this.#connection
    this.#connection = undefined
    connection?.close()
  }

  get onopen(): Handler<this, Event> {
    return this.#handler('open') as Handler<this, Event>
  }
  set onopen(value: Handler<this, Event>) {
    this.#setHandler('open', value)
  }

  get onmessage(): Handler<this, MessageEvent> {
    return this.#handler('message') as Handler<this, MessageEvent>
  }
  set onmessage(value: Handler<this, MessageEvent>) {
    this.#setHandler('message', value)
  }

  get onerror(): Handler<this, EventSourceEventMap['error']> {
    return this.#handler('error') as Handler<this, EventSourceEventMap['error']>
  }
  set onerror(value: Handler<this, EventSourceEventMap['error']>) {
    this.#setHandler('error', value)
  }

  override addEventListener<K extends keyof EventSourceEventMap<T>>(
    type: K,
    listener: (this: this, event: EventSourceEventMap<T>[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void
  override addEventListener(
    type: string,
    listener: ((this: this, event: MessageEvent) => unknown) | EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void
  override addEventListener(type: string, listener: unknown, options?: boolean | AddEventListenerOptions): void {
    if (listener === null || listener === undefined) return
    this.#dispatcher.addListener(`${type}`, listener as EventListenerOrEventListenerObject, options)
  }

  override removeEventListener<K extends keyof EventSourceEventMap<T>>(
    type: K,
    listener: (this: this, event: EventSourceEventMap<T>[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void
  override removeEventListener(
    type: string,
    listener: ((this: this, event: MessageEvent) => unknown) | EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void
  override removeEventListener(type: string, listener: unknown, options?: boolean | EventListenerOptions): void {
    if (listener === null || listener === undefined) return
    this.#dispatcher.removeListener(`${type}`, listener as EventListenerOrEventListenerObject, options)
  }

  #handler(type: string): object | null {
    return this.#handlers.get(type)?.value ?? null
  }

  /** An event handler IDL attribute (HTML 8.1.8.1): a new value keeps the place of the old one. */
  #setHandler(type: string, value: unknown): void {
    const current = this.#handlers.get(type)
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
      if (current === undefined) return
      this.#handlers.delete(type)
      this.#dispatcher.removeListener(type, current.listener)
    } else if (current !== undefined) {
      current.value = value
    } else {
      const listener = (event: Event): void => {
        const handler = this.#handlers.get(type)?.value
        if (typeof handler === 'function') handler.call(this, event)
      }
      this.#handlers.set(type, { value, listener })
      this.#dispatcher.addListener(type, listener)
    }
  }
}

function resolve(url: string | URL): string {
  const { document, location } = globalThis as { document?: Document, location?: Location }
  try {
    return new URL(url, document?.baseURI ?? location?.href).href
  } catch {
    throw new DOMException(`Cannot open an EventSource to '${url}': the URL is invalid`, 'SyntaxError')
  }
}
