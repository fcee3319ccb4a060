import { closedState, connect, connectingState, connectionOf, idleState, type Connection, type Message, type Receiver } from './connection.js'
import { DecodeError } from '../decode/decoding.js'
import { call } from '../platform/call.js'
import { schedule } from './flush.js'
import { HeaderChanges } from './header-changes.js'
import { hasSameTypes, Reading, type Taken } from './reading.js'
import { isRepeatable, requestOf, type MaybeUrl, type StoreRequest } from './request.js'
import { Selection } from './selection.js'
import { idle, snapshotOf, withPrevious, type AnySnapshot } from './snapshot.js'
import type { Turns } from './turns.js'
import { validate } from './validate.js'
import type { ConnectionState, SourceOptions } from './types.js'

const CLOSED = 2
const SECOND_MS = 1000

interface Beginning {
  /** The component's last snapshot of another request. */
  readonly previous?: AnySnapshot | undefined
  readonly turns?: Turns | undefined
}

/**
 * The view of one component on an event stream. It takes every event as it arrives and replaces an immutable snapshot
 * per flush. Constructing it has no effects; it is connected while it is enabled and has subscribers. All stores that
 * make the same request share one connection.
 */
export class EventStore implements Receiver {
  readonly #turns: Turns | undefined
  readonly #listeners = new Set<() => void>()
  protected options: SourceOptions
  protected reading: Reading
  #request: StoreRequest | undefined
  #headers: HeaderChanges
  #connection: Connection | undefined
  #lineage: object | undefined
  #isJoined = false
  #wasShown = false
  /** Whether this store alone is closed, until `reconnect`. */
  #isDetached: boolean
  /** Whether a request was asked for explicitly, which nothing else would make again. */
  #isAsked = false
  #state: ConnectionState
  /** The positions of the last event passed to handlers, and of the last one in the snapshot. */
  #told = 0
  #shownOrder = 0
  #previous: AnySnapshot | undefined
  #isScheduled = false
  #snapshot: AnySnapshot
  #selection = new Selection()
  #isTicking = false
  #tick: ReturnType<typeof setTimeout> | undefined

  /** @throws `RangeError` or `TypeError` if an option is invalid. */
  constructor(url: MaybeUrl, options: SourceOptions, { previous, turns }: Beginning = {}) {
    validate(options, turns !== undefined)
    this.options = options
    this.#turns = turns
    this.#isDetached = options.immediate === false
    this.#request = requestOf(url, options, this)
    this.#headers = new HeaderChanges(this.#request?.headers)
    this.reading = new Reading(options)
    this.#previous = options.keepPreviousData ? previous : undefined
    this.#state = this.#isWanted ? connectingState : idleState
    this.#snapshot = this.#read()
  }

  /** Whether its component is hidden, or gone. */
  protected get isHidden(): boolean {
    return this.#wasShown && this.#listeners.size === 0
  }

  get types(): readonly string[] {
    return this.reading.types
  }

  /** Rendered on a server and during hydration. */
  get initialSnapshot(): AnySnapshot {
    const { lastEventId = '' } = this.options
    return { ...snapshotOf(idleState, new Reading(this.options), lastEventId, this.#turns), isPending: this.#isWanted }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#wasShown = true
    this.#listeners.add(listener)
    this.#update()
    return () => {
      this.#listeners.delete(listener)
      this.#update()
    }
  }

  /**
   * Returns the same object until the next flush. Before the first subscription it follows an existing connection, so that
   * a component about to mount shows the same as the mounted ones.
   */
  readonly getSnapshot = (): AnySnapshot => {
    const existing = this.#existing()
    if (existing !== undefined && this.#catchUp(existing)) this.#swap()
    return this.#snapshot
  }

  #existing(): Connection | undefined {
    if (this.#isJoined || this.#request === undefined || !this.#isWanted) return undefined
    const existing = connectionOf(this.#request.key)
    return this.#connection === undefined || existing === this.#connection ? existing : undefined
  }

  /** The same after `select`. Stays the same object while the selected value does. */
  getSelected(snapshot = this.getSnapshot(), select = this.options.select): AnySnapshot {
    return this.#selection.of(snapshot, select)
  }

  /** Closes the connection for all that share it, or with `'component'` for this component only, until `reconnect`. */
  readonly close = (scope?: unknown): void => {
    if (this.#request === undefined || (this.#isJoined && scope !== 'component')) {
      this.#connection?.close()
      return
    }
    this.#isDetached = true
    this.#update()
    this.#set(closedState)
  }

  /** Makes a request now, or joins one that others make. It resumes after the last event. */
  readonly reconnect = (): void => {
    this.#isDetached = false
    if (this.#isJoined && this.#connection?.isDisposed === false) {
      this.#connection.reconnect()
      return
    }
    this.#isAsked = true
    this.#leave(0)
    this.#update()
  }

  /** Whether the snapshot stays valid with this request and these options. */
  isFor(request: StoreRequest | undefined, options: SourceOptions): boolean {
    return request?.identity === this.#request?.identity && hasSameTypes(options, this.options)
  }

  /** Sets the URL and the options. */
  configure(url: MaybeUrl, options: SourceOptions): void {
    validate(options, this.#turns !== undefined)
    const request = requestOf(url, options, this)
    if (!this.isFor(request, options)) {
      this.#replace(request, options)
      return
    }
    const { history, enabled } = this.options
    const { data } = this.reading
    this.#configureReading(options)
    this.options = options
    this.#connection?.configure(this, options)
    if (request !== undefined && this.#headers.accept(request.headers)) this.#renew(request)
    this.#update()
    if (options.enabled !== enabled || this.reading.data !== data) this.flush(true)
    else if (options.history !== history) this.#schedule()
  }

  /** Leaves a connection that another one replaces, without keeping it alive. */
  discard(): void {
    const { keepAliveMs } = this.options
    this.#leave(keepAliveMs)
    if (keepAliveMs === undefined) this.#connection?.disposeUnlessUsed()
  }

  /** Makes `retryInMs` count down every second. */
  startClock(): void {
    if (this.#isTicking) return
    this.#isTicking = true
    this.#setClock()
  }

  /** Shows new events at once in all components of the connection, so that they show the same. */
  flushAll(): void {
    (this.#existing() ?? this.#connection)?.flush()
  }

  flush(isForced = false): void {
    if (!isForced && !this.#isScheduled) return
    this.#isScheduled = false
    this.#swap()
    for (const listener of this.#listeners) call(listener)
  }

  receive(message: Message): void {
    this.#told = message.order
    if (this.reading.event !== undefined) this.#previous = undefined
    this.#schedule()
    this.#tell(this.reading.taken)
  }

  stateChanged(state: ConnectionState): void {
    const { onOpen, onError } = this.options
    const { status, error } = this.#state
    if (state === this.#state) return
    this.#set(state)
    if (state.status === 'open' && status !== 'open') call(onOpen)
    if (state.error !== undefined && state.error !== error) call(onError, state.error)
  }

  /** Clears the data, ends the old connection and shows this one or none, even without subscribers. */
  protected restart(connection: Connection | undefined): void {
    this.#connection?.close()
    this.#leave(0)
    this.#forget()
    this.#isDetached = false
    this.#state = idleState
    if (connection === undefined) this.flush(true)
    else this.#attach(connection)
  }

  #replace(request: StoreRequest | undefined, options: SourceOptions): void {
    const shown = this.#snapshot
    this.discard()
    this.options = options
    this.#request = request
    this.#headers = new HeaderChanges(request?.headers)
    this.#isDetached = options.immediate === false
    this.#isAsked = false
    this.#forget()
    this.#previous = options.keepPreviousData ? shown : undefined
    this.#state = this.#isWanted ? connectingState : idleState
    this.#selection = new Selection()
    this.#update()
    this.flush(true)
  }

  #forget(): void {
    this.reading = new Reading(this.options)
    this.#connection = this.#lineage = undefined
    this.#told = 0
  }

  /** Whether it should be connected while it has subscribers. */
  get #isWanted(): boolean {
    const isPossible = this.#request !== undefined || this.#connection !== undefined
    return isPossible && this.options.enabled !== false && !this.#isDetached
  }

  #update(): void {
    if (this.#listeners.size > 0 && this.#isWanted) this.#join()
    else this.#leave(this.options.keepAliveMs)
  }

  #join(): void {
    if (this.#isJoined) return
    const connection = this.#find()
    if (connection === undefined) return
    this.#attach(connection)
    if (this.#isAsked && connection.state.readyState === CLOSED) connection.reconnect()
    this.#isAsked = false
  }

  /** The connection to join. One that has ended stays so; one that cannot resume is not restarted. */
  #find(): Connection | undefined {
    const connection = this.#connection
    const request = this.#request
    if (request === undefined || (connection !== undefined && connection === connectionOf(request.key))) return connection
    const isOver = connection?.state.readyState === CLOSED && !(connection.isAbandoned && isRepeatable(this.options))
    if (isOver && !this.#isAsked) return connection
    return connect(request, this.options, connection)
  }

  #attach(connection: Connection): void {
    const from = this.#told
    this.#connection = connection
    const wasSeen = connection.lineage === this.#lineage
    this.#catchUp(connection)
    this.#isJoined = true
    this.reading.users += 1
    connection.readings.add(this.reading)
    connection.join(this, this.options)
    this.#told = this.reading.order
    this.#state = connection.state
    for (const message of connection.missed(this.types, wasSeen ? from : 0)) {
      if (connection.isUnheard(message)) this.#tell(this.reading.decode(message, connection))
    }
    this.flush(true)
  }

  #leave(keepAliveMs: number | undefined): void {
    const connection = this.#connection
    if (!this.#isJoined || connection === undefined) return
    this.#isJoined = false
    this.reading.users -= 1
    connection.leave(this, keepAliveMs)
    // If everyone has left, it is kept for those who come back.
    if (this.reading.users === 0 && connection.isUsed) connection.readings.delete(this.reading)
  }

  /** Takes the events that the connection received without this store. Returns whether there were any. */
  #catchUp(connection: Connection): boolean {
    if (!connection.readings.has(this.reading)) this.reading = this.#readingOf(connection)
    this.#lineage = connection.lineage
    const reading = this.reading
    for (const message of connection.missed(reading.types, reading.order)) reading.take(message, connection)
    if (reading.event !== undefined) this.#previous = undefined
    const isNew = reading.order !== this.#shownOrder || this.#state !== connection.state
    if (connection.state !== idleState) this.#state = connection.state
    return isNew
  }

  /** The reading of others with the same options, this store's previous one, or a new one. */
  #readingOf(connection: Connection): Reading {
    const mine = this.reading
    const isContinued = connection.lineage === this.#lineage
    const shared = [...connection.readings].find((reading) => reading.fits(this.options))
    if (shared !== undefined && !(isContinued && shared.order < mine.order)) return shared
    if (!isContinued) return new Reading(this.options)
    return mine.users > 0 ? mine.copy() : mine
  }

  /** Repeats the request with other headers and resumes. */
  #renew(request: StoreRequest): void {
    const connection = this.#connection
    const { status, error } = connection?.state ?? idleState
    const isOver = status === 'done' || status === 'closed'
    // A header change must not repeat a request that the server may have carried out.
    const isSafe = isRepeatable(this.options) || connection?.lastEventId || error?.kind === 'http'
    if (connection !== undefined && !isOver && !isSafe) return
    this.#request = request
    if (this.#isJoined && !isOver) this.#isAsked = true
    this.#leave(0)
    connection?.disposeUnlessUsed()
  }

  #configureReading(options: SourceOptions): void {
    const others = this.reading.users - (this.#isJoined ? 1 : 0)
    const reading = this.reading.configured(options, others)
    if (reading === this.reading) return
    if (this.#isJoined) {
      this.reading.users -= 1
      reading.users += 1
      this.#connection?.readings.add(reading)
    }
    this.reading = reading
  }

  #tell(taken: Taken): void {
    const { onEvent, onError } = this.options
    if (taken instanceof DecodeError) call(onError, taken)
    else if (taken !== undefined) call(onEvent, taken)
  }

  #set(state: ConnectionState): void {
    this.#state = state
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    schedule(this.options.flush ?? 'frame', () => this.flush())
  }

  #swap(): void {
    this.#snapshot = this.#read()
    this.#setClock()
  }

  #setClock(): void {
    clearTimeout(this.#tick)
    const { retryInMs } = this.#snapshot
    if (!this.#isTicking || !retryInMs || retryInMs === Infinity || this.#listeners.size === 0) return
    this.#tick = setTimeout(() => this.flush(true), retryInMs % SECOND_MS || SECOND_MS)
  }

  #read(): AnySnapshot {
    this.#shownOrder = this.reading.order
    const lastEventId = this.#connection?.lastEventId ?? this.options.lastEventId ?? ''
    const snapshot = snapshotOf(this.#state, this.reading, lastEventId, this.#turns)
    const shown = this.#previous === undefined ? snapshot : withPrevious(snapshot, this.#previous)
    return this.options.enabled === false ? idle(shown) : shown
  }
}
