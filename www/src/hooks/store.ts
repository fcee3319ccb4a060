import { idleState, type Connection, type Message, type Receiver } from './connection.js'
import { DecodeError } from '../decode/decoding.js'
import { call } from '../platform/call.js'
import { schedule } from './flush.js'
import type { ConnectionState, Decoder, Snapshot, SourceOptions, StreamEvent } from './types.js'

type AnyEvent = StreamEvent<string, unknown>
export type AnySnapshot = Snapshot<AnyEvent, unknown>

/** Where a store gets its connection from. */
export interface Origin {
  /** What it is in before it has one. */
  readonly initialState: ConnectionState
  /** The connection that is already there, if any. */
  existing(): Connection | undefined
  /** Called when somebody subscribes and there is no connection, or one that nobody used any more. */
  open(options: SourceOptions, lastEventId: string | undefined): Connection | undefined
}

const noEvents: readonly AnyEvent[] = []

/**
 * What a component shows of a connection. It takes every event as it comes and swaps an immutable snapshot per flush.
 * Constructing it has no effects; it is connected while it has subscribers.
 */
export class EventStore implements Receiver {
  readonly types: readonly string[]
  /** Of a store that knows nothing yet: what a server renders, and a page that takes over from there. */
  readonly initialSnapshot: AnySnapshot
  readonly #origin: Origin
  readonly #listeners = new Set<() => void>()
  #options: SourceOptions
  #connection: Connection | undefined
  #seenConnection: Connection | undefined
  #order = 0
  #state: ConnectionState
  #event: AnyEvent | undefined
  #data: unknown
  #history: AnyEvent[] = []
  #decodeError: DecodeError | undefined
  /** Events that were kept for this store, and that its handlers are still to be told of. */
  readonly #untold: (AnyEvent | DecodeError)[] = []
  #isScheduled = false
  #snapshot: AnySnapshot
  #idleSnapshot: AnySnapshot | undefined

  /** @throws `RangeError` or `TypeError` if an option makes no sense. */
  constructor(options: SourceOptions, origin: Origin) {
    validate(options)
    this.types = typesOf(options)
    this.#options = options
    this.#origin = origin
    this.#state = origin.initialState
    this.#data = options.initialState
    this.initialSnapshot = this.#snapshot = this.#read()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#join()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#connection?.leave(this)
    }
  }

  /**
   * The same object until the next flush. Before somebody has subscribed it follows the connection that is already
   * there, so that a component which is about to be mounted shows the same as those that are.
   */
  readonly getSnapshot = (): AnySnapshot => {
    const existing = this.#listeners.size === 0 ? this.#origin.existing() : undefined
    if (existing !== undefined && this.#catchUp(existing)) this.#swap()
    return this.#snapshot
  }

  /** The same for a store that is kept from connecting. */
  readonly getIdleSnapshot = (): AnySnapshot => (this.#idleSnapshot ??= idle(this.#snapshot))

  readonly close = (): void => this.#connection?.close()

  readonly reconnect = (): void => this.#connection?.reconnect()

  /** From now on the functions of these options are called. */
  configure(options: SourceOptions): void {
    if (options.history !== this.#options.history) this.#schedule()
    this.#options = options
    this.#connection?.configure(this, options)
  }

  /** Forgets what was shown, closes what was open and shows this connection. */
  restart(connection: Connection): void {
    this.close()
    this.#connection?.leave(this)
    this.#data = this.#options.initialState
    this.#event = this.#decodeError = undefined
    this.#history = []
    this.#connection = connection
    if (this.#listeners.size > 0) this.#join()
    this.#schedule()
  }

  receive(message: Message): void {
    const taken = this.#take(message)
    this.#schedule()
    if (taken !== undefined) this.#tell(taken)
  }

  stateChanged(state: ConnectionState): void {
    if (state === this.#state) return
    const { onOpen, onError } = this.#options
    const { status, error } = this.#state
    this.#state = state
    this.#schedule()
    if (state.status === 'open' && status !== 'open') call(onOpen)
    if (state.error !== undefined && state.error !== error) call(onError, state.error)
  }

  #join(): void {
    if (this.#connection === undefined || this.#connection.isDisposed) {
      this.#connection = this.#origin.open(this.#options, this.#seenConnection?.lastEventId) ?? this.#connection
    }
    const connection = this.#connection
    if (connection === undefined || connection.isDisposed) return
    connection.join(this, this.#options)
    this.#catchUp(connection)
    this.#swap()
    for (const taken of this.#untold.splice(0)) this.#tell(taken)
  }

  /**
   * Takes what the connection has received without this store, and says if that was anything. A reducer gets all or
   * nothing of it.
   */
  #catchUp(connection: Connection): boolean {
    if (connection !== this.#seenConnection) this.#order = 0
    this.#seenConnection = connection
    const backlog = connection.backlog(this.types, this.#order)
    const isPartial = backlog.length === 0 && this.#options.reducer === undefined
    const missed = isPartial ? connection.latest(this.types, this.#order) : backlog
    for (const message of missed) {
      const taken = this.#take(message)
      if (!isPartial && taken !== undefined) this.#untold.push(taken)
    }
    const isNew = missed.length > 0 || this.#state !== connection.state
    this.#state = connection.state
    return isNew
  }

  /** Decodes and accumulates. Returns nothing for an event that was taken before. */
  #take(message: Message): AnyEvent | DecodeError | undefined {
    if (message.order <= this.#order) return undefined
    this.#order = message.order
    const event = this.#seenConnection?.decode(message, decoderOf(this.#options, message.event.type))
    // An end marker such as `[DONE]` need not be data.
    if (event === undefined || (event instanceof DecodeError && this.#isLast(message))) return undefined
    this.#decodeError = event instanceof DecodeError ? event : undefined
    if (event instanceof DecodeError) return event
    const { history = 0, reducer } = this.#options
    this.#event = event
    this.#history.push(event)
    // Twice as many as are shown, so that the list is not shortened for every event.
    if (this.#history.length > 2 * history) this.#history = history === 0 ? [] : this.#history.slice(-history)
    if (reducer === undefined) this.#data = event.data
    else call(() => { this.#data = reducer(this.#data, event) })
    return event
  }

  #tell(taken: AnyEvent | DecodeError): void {
    const { onEvent, onError } = this.#options
    if (taken instanceof DecodeError) call(onError, taken)
    else call(onEvent, taken)
  }

  #isLast({ event }: Message): boolean {
    return call(this.#options.complete, event as MessageEvent<string>) === true
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    schedule(this.#options.flush ?? 'frame', this.#flush)
  }

  readonly #flush = (): void => {
    this.#isScheduled = false
    this.#swap()
    for (const listener of this.#listeners) call(listener)
  }

  #swap(): void {
    this.#snapshot = this.#read()
    this.#idleSnapshot = undefined
  }

  #read(): AnySnapshot {
    const { history = 0 } = this.#options
    return {
      ...this.#state,
      error: this.#state.error ?? this.#decodeError,
      data: this.#data,
      event: this.#event,
      events: history === 0 ? noEvents : this.#history.slice(-history),
      lastEventId: this.#seenConnection?.lastEventId ?? this.#options.lastEventId ?? '',
    }
  }
}

/** The snapshot of a store that is kept from connecting. */
export function idle(snapshot: AnySnapshot): AnySnapshot {
  return { ...snapshot, ...idleState }
}

function validate({ flush = 'frame', history = 0 }: SourceOptions): void {
  if (!Number.isSafeInteger(history) || history < 0) {
    throw new RangeError(`history must be a whole number of events, not ${history}`)
  }
  const isTime = typeof flush === 'number' && flush >= 0 && Number.isFinite(flush)
  if (flush !== 'frame' && flush !== 'microtask' && !isTime) {
    throw new RangeError(`flush must be 'frame', 'microtask' or milliseconds, not ${flush}`)
  }
}

/** The event types that options ask for. */
export function typesOf({ types = ['message'] }: SourceOptions): readonly string[] {
  return isList(types) ? types : Object.keys(types)
}

function decoderOf({ types = [], parse }: SourceOptions, type: string): Decoder<unknown> | undefined {
  return isList(types) ? parse : types[type] ?? parse
}

function isList(types: NonNullable<SourceOptions['types']>): types is readonly string[] {
  return Array.isArray(types)
}
