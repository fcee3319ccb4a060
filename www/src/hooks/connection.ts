import { decodeNow, type Decoded } from '../decode/decoding.js'
import { MAX_TIMER_MS } from '../platform/timer.js'
import { InitError, type StoreRequest } from './request.js'
import { sourceInit } from './source-init.js'
import { sharing } from './sharing.js'
import { warn } from './warn.js'
import type { Reading } from './reading.js'
import type { ConnectionState, Decoder, Role, SourceClass, SourceOptions, StreamEvent } from './types.js'
import type { EventSourceErrorEvent, EventSourceInit } from '../types.js'

const CONNECTING = 0
const OPEN = 1
const CLOSED = 2

/** Receives the events of a connection. */
export interface Receiver {
  readonly types: readonly string[]
  receive(message: Message): void
  stateChanged(state: ConnectionState): void
  /** Shows at once the events that have arrived. */
  flush?(): void
}

/** An event as received, and its position among all events of its connection, from 1. */
export interface Message {
  readonly order: number
  readonly event: StreamEvent<string, string>
}

export const connectingState: ConnectionState = {
  status: 'connecting', readyState: CONNECTING, error: undefined, attempt: 0, nextRetryAt: undefined, truncated: false, role: undefined,
}
export const closedState: ConnectionState = { ...connectingState, status: 'closed', readyState: CLOSED }
export const idleState: ConnectionState = { ...closedState, status: 'idle' }

export const doneState: ConnectionState = { ...closedState, status: 'done' }
/** The state of a request that ended because no component was left. */
const abandonedState: ConnectionState = { ...closedState, truncated: true }

/** Limits, in events and in characters, of what is kept for components that join later. */
const MAX_LOG = 1000
const MAX_LOG_CHARACTERS = 1 << 22

/** How long a connection is held for a component that suspends: React may delay its render for others. */
export const GRACE_MS = 5_000
/** How long it waits for the next component with the same request, for example after a route change. */
const DEFAULT_KEEP_ALIVE_MS = 40
/** The same once it has ended properly, so that its request is not repeated. */
const ENDED_KEEP_ALIVE_MS = 100

export interface ConnectionSetup {
  readonly url: string | URL
  /** Used until a receiver has configured others. */
  readonly options: SourceOptions
  /** Overrides for a one-time request: an interruption ends it. */
  readonly request?: EventSourceInit
  readonly onDispose?: (() => void) | undefined
  readonly onEnd?: (state: ConnectionState) => void
}

/** One event source and its receivers. It opens for the first, and closes shortly after the last has left. */
export class Connection {
  /** Shared by connections that continue each other: the positions of their events can be compared. */
  readonly lineage: object = {}
  /** The readings of its events, for components that join later. */
  readonly readings = new Set<Reading>()
  state = idleState
  /** How many events it has received. */
  received = 0
  /** Whether it has closed because no receiver was left. Permanent. */
  isDisposed = false
  readonly #setup: ConnectionSetup
  /** With their options, the last configured last. */
  readonly #receivers = new Map<Receiver, SourceOptions>()
  readonly #types = new Set(['open', 'error'])
  readonly #latest = new Map<string, Message>()
  readonly #decoded = new Map<Decoder<unknown>, Decoded>()
  #decodedMessage: Message | undefined
  #log: Message[] = []
  #logCharacters = 0
  #hold: ReturnType<typeof setTimeout> | undefined
  #disposal: ReturnType<typeof setTimeout> | undefined
  /** The last event before there was no receiver. */
  #unheardFrom = Infinity
  #source: InstanceType<SourceClass> | undefined
  #lastEventId: string | undefined
  #role: Role | undefined

  /** Continues after the last event of `previous`, which has ended, and takes over only the events that it has kept. */
  constructor(setup: ConnectionSetup, previous?: Connection) {
    this.#setup = setup
    if (previous === undefined) return
    this.lineage = previous.lineage
    this.received = previous.received
    this.#latest = new Map(previous.#latest)
    this.#log = [...previous.#log]
    this.#logCharacters = previous.#logCharacters
    this.#lastEventId = previous.lastEventId
  }

  get url(): string {
    return String(this.#setup.url)
  }

  /** If one is known. */
  get lastEventId(): string | undefined {
    return this.#source?.lastEventId ?? this.#lastEventId
  }

  /** How many components show it. */
  get users(): number {
    return this.#receivers.size
  }

  /** Whether it was disposed of before its end. */
  get isAbandoned(): boolean {
    return this.state.status === 'closed' && this.state.truncated
  }

  get isUsed(): boolean {
    return this.#hold !== undefined || this.users > 0
  }

  /** From now on calls the functions of these options, if the receiver has joined. Values apply when a source is opened. */
  configure(receiver: Receiver, options: SourceOptions): void {
    if (this.#receivers.delete(receiver)) this.#receivers.set(receiver, options)
  }

  join(receiver: Receiver, options: SourceOptions): void {
    clearTimeout(this.#disposal)
    // Others that come back together with this one get the missed events, too.
    if (this.#unheardFrom !== Infinity) setTimeout(() => this.#heard())
    this.#receivers.set(receiver, options)
    for (const type of receiver.types) this.#listen(type)
    if (this.state === idleState) this.#open()
  }

  /** Without receivers, it closes after `keepAliveMs`. */
  leave(receiver: Receiver, keepAliveMs?: number): void {
    this.#receivers.delete(receiver)
    this.#disposeLater(keepAliveMs)
  }

  /** Closes at once if no receiver is left. */
  disposeUnlessUsed(): void {
    if (this.isUsed || this.isDisposed) return
    clearTimeout(this.#disposal)
    this.isDisposed = true
    this.#setup.onDispose?.()
    this.#source?.close()
    this.#end(abandonedState)
  }

  /** Flushes all receivers together, so that none shows more than another. */
  flush(): void {
    this.#each((receiver) => receiver.flush?.())
  }

  /** Keeps it open for a while without receivers. */
  hold(): void {
    clearTimeout(this.#hold)
    this.#hold = setTimeout(() => this.release(), GRACE_MS)
    this.#unheardFrom = Math.min(this.#unheardFrom, this.received)
  }

  /** Ends the hold. */
  release(): void {
    clearTimeout(this.#hold)
    this.#hold = undefined
    this.#heard()
    this.#disposeLater()
  }

  /** Whether an event arrived while there was no receiver. */
  isUnheard(message: Message): boolean {
    return message.order > this.#unheardFrom
  }

  /** The kept events after `order`, oldest first: the last ones, and the latest of each type. */
  missed(types: readonly string[], order: number): Message[] {
    return [...new Set([...this.#latest.values(), ...this.#log])]
      .filter((message) => message.order > order && types.includes(message.event.type))
      .sort((a, b) => a.order - b.order)
  }

  /** Decodes once for all that use the same decoder: they get the same object. */
  decode(message: Message, decoder: Decoder<unknown> | undefined): Decoded {
    if (decoder === undefined) return message.event
    if (message !== this.#decodedMessage) this.#decoded.clear()
    this.#decodedMessage = message
    const decoded = this.#decoded.get(decoder) ?? decodeNow(message.event, decoder)
    this.#decoded.set(decoder, decoded)
    return decoded
  }

  close(): void {
    this.#source?.close()
    this.#end(closedState)
  }

  /** Makes a request now, in any state, that resumes after the last event. */
  reconnect(): void {
    if (this.isDisposed) return
    const source = this.#source
    try {
      if (source?.reconnect !== undefined && source.readyState !== CLOSED) return source.reconnect()
    } catch {
      // It is about to fail for good, or cannot be repeated.
    }
    this.close()
    this.#open()
  }

  #open(): void {
    const { url, options, request } = this.#setup
    const { lastEventId } = this
    this.#lastEventId = lastEventId
    this.#source = undefined
    this.#set(connectingState)
    const everyone = (): SourceOptions[] => (this.users > 0 ? [...this.#receivers.values()] : [options])
    try {
      const init = sourceInit(everyone, { ...request, ...sharing(options, this.#onRole), ...(lastEventId !== undefined && { lastEventId }) })
      const source = new options.EventSource(String(url), init)
      this.#source = source
      // A proper end closes it without an event.
      source.closed?.then((how) => { if (how !== 'close' && source === this.#source) this.#end(doneState) }, () => {})
      for (const type of this.#types) source.addEventListener(type, this.#on)
    } catch (cause) {
      this.#set({ ...closedState, status: 'failed', error: new InitError(cause) })
    }
  }

  readonly #onRole = (role: Role): void => {
    this.#role = role
    if (this.state.readyState !== CLOSED) this.#set(this.state)
  }

  #listen(type: string): void {
    if (this.#types.has(type)) return
    this.#types.add(type)
    this.#source?.addEventListener(type, this.#on)
  }

  readonly #on = (event: Event): void => {
    // A server may send event types named `open` and `error`, like the platform's own events.
    if ('data' in event) this.#receive(event as MessageEvent<string>)
    else if (event.type === 'open') this.#set({ ...connectingState, status: 'open', readyState: OPEN })
    else this.#interrupted(event as EventSourceErrorEvent)
  }

  #receive({ type, data, lastEventId, origin }: MessageEvent<string>): void {
    this.#lastEventId = lastEventId
    const message = { order: (this.received += 1), event: { type, data, lastEventId, origin } }
    this.#keep(message)
    for (const reading of this.readings) reading.take(message, this)
    this.#each((receiver) => { if (receiver.types.includes(type)) receiver.receive(message) })
  }

  /** Calls `work` once for every receiver. It may configure receivers, which moves them, and have others leave. */
  #each(work: (receiver: Receiver) => void): void {
    for (const receiver of Array.from(this.#receivers.keys())) if (this.#receivers.has(receiver)) work(receiver)
  }

  #keep(message: Message): void {
    const log = this.#log
    this.#latest.set(message.event.type, message)
    log.push(message)
    this.#logCharacters += message.event.data.length
    while (log.length > MAX_LOG || this.#logCharacters > MAX_LOG_CHARACTERS) {
      this.#logCharacters -= log.shift()?.event.data.length ?? 0
    }
  }

  #interrupted(error: EventSourceErrorEvent): void {
    const { kind, attempt = 0, delayMs } = error
    const willReconnect = this.#source?.readyState === CONNECTING
    if (kind === 'reconnect' && willReconnect) {
      this.#set(connectingState)
    } else if (willReconnect && this.#setup.request === undefined) {
      const nextRetryAt = delayMs === undefined ? undefined : Date.now() + delayMs
      this.#set({ ...connectingState, status: 'reconnecting', error, attempt: attempt + 1, nextRetryAt })
    } else {
      // A body that ends and is not requested again is complete; so is one that reports its own failure.
      const truncated = kind === 'truncated' || (kind !== 'end' && kind !== 'application' && this.state.status === 'open')
      this.#source?.close()
      this.#set(kind === 'end' ? doneState : { ...closedState, status: 'failed', error, attempt, truncated })
    }
  }

  /** Ends the grace period in which missed events are kept for those who come back. */
  #heard(): void {
    if (this.#hold !== undefined || this.users === 0) return
    this.#unheardFrom = Infinity
    for (const reading of this.readings) if (reading.users === 0) this.readings.delete(reading)
  }

  #end(state: ConnectionState): void {
    if (this.state.readyState !== CLOSED) this.#set(state)
  }

  #set(given: ConnectionState): void {
    const state = this.state = this.#role === undefined ? given : { ...given, role: this.#role }
    this.#each((receiver) => receiver.stateChanged(state))
    if (state.readyState === CLOSED) this.#setup.onEnd?.(state)
  }

  /** Waits, so that a remount, as in StrictMode or on a route change, finds the connection as it was. */
  #disposeLater(keepAliveMs?: number): void {
    if (this.isUsed || this.isDisposed) return
    this.#unheardFrom = Math.min(this.#unheardFrom, this.received)
    const { status } = this.state
    const hasEndedWell = status === 'done' || status === 'closed'
    // Coming back after a failure tries again.
    const waitMs = status === 'failed' ? 0 : keepAliveMs ?? (hasEndedWell ? ENDED_KEEP_ALIVE_MS : DEFAULT_KEEP_ALIVE_MS)
    clearTimeout(this.#disposal)
    this.#disposal = setTimeout(() => this.disposeUnlessUsed(), Math.min(waitMs, MAX_TIMER_MS))
  }
}

// Shared page-wide, like the connections. It stays empty on a server, where nothing connects.
const connections = new Map<string, Connection>()

/** The connection of a request, if it is open. */
export function connectionOf(key: string): Connection | undefined {
  return connections.get(key)
}

/** The connection of a request. A new one continues `previous`; the caller must join it. */
export function connect({ url, key, sharedKey }: StoreRequest, options: SourceOptions, previous?: Connection): Connection {
  const existing = connections.get(key)
  if (existing !== undefined) return existing
  warnOfAnother(url, key, sharedKey)
  const connection = new Connection({ url, options, onDispose: () => connections.delete(key) }, previous)
  connections.set(key, connection)
  return connection
}

declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** Removed from production builds, like the body of {@link warn}. */
function warnOfAnother(url: string, key: string, sharedKey: string): void {
  try {
    if (process.env.NODE_ENV !== 'production' && key !== sharedKey && [...connections.keys()].some((other) => other.startsWith(sharedKey))) {
      warn(`several components request ${url} and share no connection, for functions and bodies cannot be compared: give those of one request the same key`)
    }
  } catch {
    // Unbundled code in a browser has no `process`.
  }
}

/** A connection that is open, or that the page may still come back to. */
export interface OpenConnection extends ConnectionState {
  readonly url: string
  readonly lastEventId: string
  /** How many components show it. */
  readonly users: number
  /** How many events it has received. */
  readonly received: number
}

/** The states of all hook connections on the page, for a debugging panel. Excludes those of `useEventStream`. */
export function openConnections(): OpenConnection[] {
  return [...connections.values()].map(({ state, url, lastEventId = '', users, received }) => ({ ...state, url, lastEventId, users, received }))
}
