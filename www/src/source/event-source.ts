// For users whose `lib` does not have `Symbol.dispose`.
/// <reference lib="esnext.disposable" preserve="true" />

import { follow, reasonOfAbort } from '../platform/abort.js'
import { bodySnippet } from './body-snippet.js'
import { Driver } from '../driver/driver.js'
import type { End, Owner, Trace } from '../driver/owner.js'
import { call } from '../platform/call.js'
import { completion } from './completion.js'
import { ask } from './decide.js'
import { CLOSED, CONNECTING, Dispatcher, OPEN } from '../delivery/dispatch.js'
import { pageStays } from '../platform/departure.js'
import { Deferred } from './deferred.js'
import { errorDetails } from './error-details.js'
import { EventSourceErrorEvent } from './error-event.js'
import { customFetch, platformFetch } from './fetch.js'
import { EventHandlers } from '../delivery/event-handlers.js'
import { defineInterface, isObject, memberOf } from '../platform/idl.js'
import type { Callback } from '../delivery/listeners.js'
import { Consumers } from '../delivery/consumers.js'
import { MessageIterator } from '../delivery/message-iterator.js'
import { checkedInit } from './options.js'
import { watchPage } from './page-signals.js'
import { isSafe } from './method.js'
import { attemptRequest, hasOneShotBody, validate } from './request.js'
import { originOf, resolveUrl } from './resolve-url.js'
import { resumeHint } from './resume.js'
import { SavedId } from './saved-id.js'
import { settingsOf } from './settings.js'
import { SeenIds } from '../delivery/seen-ids.js'
import { nextTask } from '../platform/task.js'
import { tracer } from './tracer.js'
import type { Ending, EventSourceEventMap, EventSourceInit, MessagesOptions, TypedMessageEvent } from '../types.js'
import { Happening } from '../wasm/core.js'
import { DEFAULT_RECONNECTION_TIME_MS } from '../wasm/glue.js'

type Handler<This, E> = ((this: This, event: E) => unknown) | null
/** The type of a handler attribute. It omits `this` and the details, so that the class is assignable to the DOM's. */
type AnyHandler<E> = ((event: E) => unknown) | null

// Without the DOM in `lib`, these have no names.
type PlatformListener = Parameters<EventTarget['addEventListener']>[1] | null
type AddOptions = Parameters<EventTarget['addEventListener']>[2]
type RemoveOptions = Parameters<EventTarget['removeEventListener']>[2]

let isEventSource: (value: unknown) => boolean

/**
 * `EventSource` as in HTML 9.2, over `fetch`.
 *
 * @example
 * const source = new EventSource('/prices', { method: 'POST', body: JSON.stringify({ symbols: ['X'] }) })
 * source.addEventListener('tick', (event) => console.log(event.data))
 */
export class EventSource<T extends Record<keyof T, string> = Record<never, never>> extends EventTarget {
  declare static readonly CONNECTING: 0
  declare static readonly OPEN: 1
  declare static readonly CLOSED: 2
  declare readonly CONNECTING: 0
  declare readonly OPEN: 1
  declare readonly CLOSED: 2
  declare readonly [Symbol.dispose]: () => void

  readonly #url: string
  readonly #withCredentials: boolean
  readonly #dispatcher: Dispatcher
  readonly #handlers: EventHandlers
  #driver: Driver | undefined
  /** The request cannot be made again. */
  #isOneShot = false
  /** Valid once the source is closed. */
  #reconnectionTime = DEFAULT_RECONNECTION_TIME_MS
  /** Set if there are loops or a store. */
  #consumers: Consumers | undefined
  /** Thrown by an iterator that starts after the source has failed. */
  #failure: unknown
  #savedId: SavedId | undefined
  readonly #trace: Trace | undefined
  /** How it ended, once it has. */
  #ending: Ending = 'close'
  /** Set once `closed` has been read. */
  #closed: Deferred<Ending> | undefined
  /** The state of the last connection, for a `resume` function. */
  #lastMessage: TypedMessageEvent<string> | undefined
  #responseHeaders: Headers | undefined
  /** Aborted when the source is closed: removes its listeners elsewhere. */
  #lifetime: AbortController | undefined

  /**
   * Connects to `url`, resolved against the document's base URL or the worker's location.
   *
   * @throws `SyntaxError` `DOMException` if `url` cannot be resolved, `TypeError` if `init` is not a valid request.
   */
  constructor(url: string | URL, init: EventSourceInit = {}) {
    if (arguments.length === 0) throw new TypeError('EventSource needs a URL')
    const text = `${url}`
    init ??= {}
    if (!isObject(init)) throw new TypeError('The second argument of EventSource is not an object')
    super()
    const resolved = resolveUrl(text)
    this.#url = resolved.href
    this.#withCredentials = Boolean(init.withCredentials)
    init = checkedInit(init, globalThis.EventSource as unknown === EventSource)
    validate(init)
    this.#trace = init.trace && tracer(init.trace)
    this.#savedId = init.store && new SavedId(init.store)
    const begin = init.lastEventId ?? this.#savedId?.load() ?? ''
    const lastEventId = typeof begin === 'string' ? begin : ''
    this.#dispatcher = new Dispatcher(this, lastEventId, init.events === 'platform')
    if (init.store) this.#consume()
    this.#handlers = new EventHandlers(this.#dispatcher.listeners)
    const { signal } = init
    if (signal?.aborted) {
      this.#shut('close', reasonOfAbort(signal))
      return
    }
    const unfollow = signal && follow(signal, () => this.#abort(reasonOfAbort(signal)))
    if (unfollow) this.#untilClosed().addEventListener('abort', unfollow)
    if (typeof begin === 'string') this.#connect(resolved, init, begin)
    else void begin.then((lastEventId) => this.#connectAfter(resolved, init, lastEventId))
  }

  /** Connects once an asynchronous store has answered. */
  #connectAfter(url: URL, init: EventSourceInit, lastEventId: string): void {
    if (this.#dispatcher.readyState === CLOSED) return
    this.#dispatcher.lastEventId = lastEventId
    void this.#consumers?.taken(lastEventId)
    this.#connect(url, init, lastEventId)
  }

  /** Starts tracking what was received, for loops or a store. */
  #consume(): Consumers {
    const { listeners } = this.#dispatcher
    if (this.#consumers !== undefined) return this.#consumers
    const consumers = new Consumers({
      isHeard: () => listeners.hearMessages,
      ended: () => (this.#dispatcher.readyState === CLOSED ? { error: this.#failure } : undefined),
      received: (lastEventId) => this.#savedId?.save(lastEventId),
      close: () => this.close(),
    }, this.lastEventId)
    listeners.onAdd = () => consumers.check()
    this.#consumers = consumers
    if (this.#dispatcher.observe === undefined) this.#observe(undefined)
    return consumers
  }

  #connect(url: URL, init: EventSourceInit, lastEventId: string): void {
    const { complete, dedupe, onComment, reconnect } = init
    if (dedupe !== undefined) this.#dispatcher.seenIds = new SeenIds(dedupe)
    if (complete !== undefined || typeof init.resume === 'function') this.#observe(complete)
    if (onComment !== undefined) this.#dispatcher.onComment = (comment) => call(onComment, comment)
    this.#isOneShot = hasOneShotBody(init)
    const driver = new Driver({
      owner: this.#owner(init, url),
      settings: () => settingsOf(url, init, lastEventId),
      lastEventId,
      fetch: init.fetch ? customFetch(init.fetch) : platformFetch,
      isSafe: isSafe(init),
    })
    this.#driver = driver
    if (reconnect) watchPage((happening) => driver.tell(happening), this.#untilClosed())
  }

  #owner(init: EventSourceInit, url: URL): Owner {
    return {
      trace: this.#trace,
      request: (attempt) => attemptRequest(this.#url, this.#withCredentials, init, attempt, {
        lastMessage: this.#lastMessage, responseHeaders: this.#responseHeaders,
      }),
      announce: (response) => {
        this.#dispatcher.origin = originOf(response.url, url)
        this.#responseHeaders = response.headers
        this.#dispatcher.readyState = OPEN
        this.#trace?.('open')
        this.#fire(new Event('open'))
        // Code that waits for `open` and then adds listeners must find the first message.
        return nextTask()
      },
      dispatch: (batch) => this.#dispatcher.deliver(batch),
      taken: () => {
        this.#trace?.('delivered')
        return this.#consumers?.taken(this.lastEventId)
      },
      decide: (end) => ask(init.reconnect, errorDetails(end)),
      reestablish: (end) => this.#report(end, init),
      complete: () => this.#shut('complete'),
      fail: (end) => this.#report(end, init),
    }
  }

  #observe(complete: EventSourceInit['complete']): void {
    const ask = completion(complete)
    this.#dispatcher.observe = (message) => {
      this.#lastMessage = message
      this.#consumers?.push(message)
      const verdict = ask(message)
      const driver = this.#driver
      if (driver === undefined) return
      if (verdict instanceof Error) this.#end(driver.endFor('application', verdict))
      else if (verdict === 'ending') driver.tell(Happening.Ending)
      else if (verdict) this.#shut('complete')
    }
  }

  /** Ends the source, and its iterators once they have yielded what is left. */
  #shut(how: Ending, error?: unknown): void {
    if (this.#dispatcher.readyState !== CLOSED) {
      this.#ending = how
      this.#trace?.('close', { why: how })
    }
    this.#dispatcher.readyState = CLOSED
    this.#failure ??= error
    this.#settleClosed()
    this.#lifetime?.abort()
    this.#dispatcher.listeners.release()
    this.#consumers?.end(error)
    const driver = this.#driver
    this.#reconnectionTime = this.reconnectionTime
    this.#driver = undefined
    driver?.close()
  }

  #settleClosed(): void {
    if (this.#failure === undefined) this.#closed?.resolve(this.#ending)
    else this.#closed?.reject(this.#failure)
  }

  #untilClosed(): AbortSignal {
    this.#lifetime ??= new AbortController()
    return this.#lifetime.signal
  }

  /** Reports the end of an attempt once the body snippet has been read and the page is known to stay. */
  #report(end: End, init: EventSourceInit): Promise<void> | undefined {
    const hint = resumeHint(end, this.#url, this.lastEventId, init)
    const { kind, response } = end
    const known =
      kind === 'network' || kind === 'cors' ? pageStays()
      : kind === 'http' || kind === 'mime' ? bodySnippet(response?.body)
      : undefined
    if (known !== undefined) return known.then((text) => this.#end(end, text ?? undefined, hint))
    this.#end(end, undefined, hint)
    return undefined
  }

  #end(end: End, snippet?: string, hint?: string): void {
    if (this.#dispatcher.readyState === CLOSED) return
    const details = errorDetails(end, snippet, hint)
    this.#trace?.('decision', details)
    const event = new EventSourceErrorEvent(details)
    if (event.willReconnect) {
      this.#dispatcher.readyState = CONNECTING
    } else {
      this.#shut('end', event.kind === 'end' ? undefined : event.kind === 'application' ? event.cause : new Error(event.message, { cause: event }))
    }
    this.#fire(event)
  }

  #fire(event: Event): void {
    super.dispatchEvent(event)
  }

  /**
   * Interprets an existing stream, with the API of whatwg/html pull request 12272. It makes no request and does not
   * reconnect: the source fails when the stream ends.
   *
   * @throws `TypeError` if it is not a `ReadableStream`, is locked or has been read from.
   */
  static fromReadableStream(stream: ReadableStream<Uint8Array<ArrayBuffer>>): EventSource {
    // It may be of another realm.
    if (typeof stream?.getReader !== 'function') throw new TypeError('An EventSource is made from a ReadableStream')
    const response = new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
    // A body that can be sent only once makes the request unrepeatable.
    const source = new EventSource('about:event-stream', { fetch: async () => response, body: stream, reconnect: false })
    source.#untilClosed().addEventListener('abort', () => { stream.cancel().catch(() => {}) })
    return source
  }

  /** The resolved URL. */
  get url(): string {
    return this.#url
  }

  get withCredentials(): boolean {
    return this.#withCredentials
  }

  get readyState(): 0 | 1 | 2 {
    return this.#dispatcher.readyState
  }

  /**
   * Resolves to how the source ended: by `complete`, by the end of a stream that is not repeated, or by `close()`. Rejects
   * with the error that a loop over `messages()` throws; if unused, it causes no unhandled rejection.
   */
  get closed(): Promise<Ending> {
    this.#closed ??= new Deferred<Ending>()
    if (this.#dispatcher.readyState === CLOSED) this.#settleClosed()
    return this.#closed.promise
  }

  /** The last event ID string: sent with the next request, so that the server can resume. */
  get lastEventId(): string {
    return this.#dispatcher.lastEventId
  }

  /** The reconnection time in milliseconds, as the server set it with `retry`. */
  get reconnectionTime(): number {
    return this.#driver?.reconnectionTime ?? this.#reconnectionTime
  }

  /**
   * The messages of all types, for `for await`. A slow loop applies backpressure, to listeners as well: at most one chunk
   * is buffered. The loop continues across reconnects, ends when the stream does, and throws if it fails; the error's
   * `cause` is the `error` event. Leaving the loop closes the source; with `preventClose` the next loop continues with the
   * following message. Until then the source waits, unless there are listeners.
   *
   * @example
   * for await (const { type, data } of new EventSource('/feed').messages()) console.log(type, data)
   */
  messages(options: MessagesOptions = {}): AsyncIterableIterator<TypedMessageEvent<string>, undefined> {
    const preventClose = Boolean(memberOf(Object(options), 'preventClose'))
    return new MessageIterator(this.#consume(), preventClose)
  }

  /**
   * Reconnects now, with the last event ID: ends a wait, a request or a connection that may be dead.
   *
   * @throws `InvalidStateError` `DOMException` if the source is closed, or its body is a stream that has been sent.
   */
  reconnect(): void {
    // The request follows anyway, once the store has answered.
    if (this.#driver === undefined && this.#dispatcher.readyState !== CLOSED) return
    if (this.#isOneShot || this.#driver?.isFinal !== false) {
      throw new DOMException('An EventSource that is closed or has sent a stream cannot reconnect', 'InvalidStateError')
    }
    this.#driver.reconnect()
  }

  /** Closes the source for good. No event is fired after this, not even those already received. */
  close(): void {
    this.#consumers?.discard(this.lastEventId)
    this.#savedId = undefined
    this.#shut('close')
  }

  /** Closes the source and makes loops throw `reason`. */
  #abort(reason: unknown): void {
    this.#failure = reason
    this.#consumers?.end(reason)
    this.close()
  }

  get onopen(): AnyHandler<Event> {
    return this.#handlers.get('open') as AnyHandler<Event>
  }
  set onopen(value: Handler<this, Event>) {
    this.#handlers.set('open', value)
  }

  get onmessage(): AnyHandler<MessageEvent> {
    return this.#handlers.get('message') as AnyHandler<MessageEvent>
  }
  set onmessage(value: Handler<this, EventSourceEventMap['message']>) {
    this.#handlers.set('message', value)
  }

  get onerror(): AnyHandler<Event> {
    return this.#handlers.get('error') as AnyHandler<Event>
  }
  set onerror(value: Handler<this, EventSourceEventMap['error']>) {
    this.#handlers.set('error', value)
  }

  override addEventListener<K extends keyof EventSourceEventMap<T>>(
    type: K,
    listener: (this: this, event: EventSourceEventMap<T>[K]) => unknown,
    options?: AddOptions,
  ): void
  override addEventListener(
    type: string,
    listener: (this: this, event: TypedMessageEvent<string>) => unknown,
    options?: AddOptions,
  ): void
  override addEventListener(
    type: string,
    listener: PlatformListener,
    options?: AddOptions,
  ): void
  override addEventListener(type: string, callback: unknown, options?: AddOptions): void {
    if (!isObject(callback) || !isEventSource(this)) {
      return super.addEventListener(...arguments as unknown as Parameters<EventTarget['addEventListener']>)
    }
    this.#dispatcher.listeners.add(`${type}`, callback as Callback, isObject(options) ? options : { capture: Boolean(options) })
  }

  override removeEventListener<K extends keyof EventSourceEventMap<T>>(
    type: K,
    listener: (this: this, event: EventSourceEventMap<T>[K]) => unknown,
    options?: RemoveOptions,
  ): void
  override removeEventListener(
    type: string,
    listener: (this: this, event: TypedMessageEvent<string>) => unknown,
    options?: RemoveOptions,
  ): void
  override removeEventListener(
    type: string,
    listener: PlatformListener,
    options?: RemoveOptions,
  ): void
  override removeEventListener(type: string, callback: unknown, options?: RemoveOptions): void {
    if (!isObject(callback) || !isEventSource(this)) {
      return super.removeEventListener(...arguments as unknown as Parameters<EventTarget['removeEventListener']>)
    }
    const capture = isObject(options) ? memberOf(options, 'capture') : options
    this.#dispatcher.listeners.remove(`${type}`, callback as Callback, Boolean(capture))
  }

  static {
    isEventSource = (value) => isObject(value) && #dispatcher in value
    defineInterface(this, 'EventSource', { CONNECTING, OPEN, CLOSED })
    // How users of the package `eventsource` ask whether a class has the option `fetch`.
    Object.defineProperty(this, Symbol.for('eventsource.supports-fetch-override'), { value: true })
    // Engines without `Symbol.dispose` must not get a method named "undefined".
    const { dispose } = Symbol as { dispose?: symbol }
    if (dispose !== undefined) Object.defineProperty(this.prototype, dispose, { value: this.prototype.close, configurable: true, writable: true })
  }
}
