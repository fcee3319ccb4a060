import { decodeNow, type Decoded } from '../decode/decoding.js'
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

/** Whoever a connection tells what happens. */
export interface Receiver {
  readonly types: readonly string[]
  receive(message: Message): void
  stateChanged(state: ConnectionState): void
  /** Shows at once what has arrived. */
  flush?(): void
}

/** An event as it came, and its place in the order of all that its connection has received, from 1. */
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
/** Of a request that ended because nobody was left to see the rest. */
const abandonedState: ConnectionState = { ...closedState, truncated: true }

/** At most so many events, of so many characters in all, are kept for those who have not joined yet. */
const MAX_LOG = 1000
const MAX_LOG_CHARACTERS = 1 << 22

/** How long a connection waits for a component that was told to render again, and may have to wait for others. */
export const GRACE_MS = 5_000
/** How long it waits for the next component of the same request, as after a change of routes. */
const DEFAULT_KEEP_ALIVE_MS = 40
/** The same once it has ended well, so that its request is not made again. */
const ENDED_KEEP_ALIVE_MS = 100
const MAX_TIMER_MS = 2 ** 31 - 1

export interface ConnectionSetup {
  readonly url: string | URL
  /** Used while nobody has joined with a say. */
  readonly options: SourceOptions
  /** What the one request has that is made, whatever the options say: an interruption is the end. */
  readonly request?: EventSourceInit
  readonly onDispose?: (() => void) | undefined
  readonly onEnd?: (state: ConnectionState) => void
}

/** One event source and all who receive from it. It opens for the first, and closes a little after the last has left. */
export class Connection {
  /** The same for connections that go on from one another: the places of their events can be compared. */
  readonly lineage: object = {}
  /** What the events have become, for those who join later. */
  readonly readings = new Set<Reading>()
  state = idleState
  /** How many events it has received. */
  received = 0
  /** Whether it has closed because nobody was left. It stays so. */
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
  /** After which event nobody was there to be told of the next. */
  #unheardFrom = Infinity
  #source: InstanceType<SourceClass> | undefined
  #lastEventId: string | undefined
  #role: Role | undefined

  /** Goes on after the last event of `previous`, which has ended, with what that has kept and nothing else of it. */
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

  /** How many show it. */
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

  /** From now on the functions of these options are called, if the receiver has joined. Values count when a source is opened. */
  configure(receiver: Receiver, options: SourceOptions): void {
    if (this.#receivers.delete(receiver)) this.#receivers.set(receiver, options)
  }

  join(receiver: Receiver, options: SourceOptions): void {
    clearTimeout(this.#disposal)
    // Others who come back with this one are told of what came meanwhile as well.
    if (this.#unheardFrom !== Infinity) setTimeout(() => this.#heard())
    this.#receivers.set(receiver, options)
    for (const type of receiver.types) this.#listen(type)
    if (this.state === idleState) this.#open()
  }

  /** Without anybody, it closes after `keepAliveMs`. */
  leave(receiver: Receiver, keepAliveMs?: number): void {
    this.#receivers.delete(receiver)
    this.#disposeLater(keepAliveMs)
  }

  /** Closes at once if nobody is left. */
  disposeUnlessUsed(): void {
    if (this.isUsed || this.isDisposed) return
    clearTimeout(this.#disposal)
    this.isDisposed = true
    this.#setup.onDispose?.()
    this.#source?.close()
    this.#end(abandonedState)
  }

  /** All who show it do so at once, so that none shows more than another. */
  flush(): void {
    for (const receiver of this.#receivers.keys()) receiver.flush?.()
  }

  /** For a while, it stays open although nobody has joined. */
  hold(): void {
    clearTimeout(this.#hold)
    this.#hold = setTimeout(() => this.release(), GRACE_MS)
    this.#unheardFrom = Math.min(this.#unheardFrom, this.received)
  }

  /** Ends that. */
  release(): void {
    clearTimeout(this.#hold)
    this.#hold = undefined
    this.#heard()
    this.#disposeLater()
  }

  /** Whether an event came while there was nobody to be told of it. */
  isUnheard(message: Message): boolean {
    return message.order > this.#unheardFrom
  }

  /** The kept events after `order`, oldest first: the last ones, and the latest of each type. */
  missed(types: readonly string[], order: number): Message[] {
    return [...new Set([...this.#latest.values(), ...this.#log])]
      .filter((message) => message.order > order && types.includes(message.event.type))
      .sort((a, b) => a.order - b.order)
  }

  /** Decodes once for all who use the same decoder: they get the same object. */
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

  /** Makes a request now, whatever the state, that resumes after the last event. */
  reconnect(): void {
    if (this.isDisposed) return
    const source = this.#source
    if (source?.reconnect !== undefined && source.readyState !== CLOSED) {
      source.reconnect()
    } else {
      this.close()
      this.#open()
    }
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
      // At its proper end, it closes without an event.
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
    // The platform's own `open` and `error` share their names with what a server may send.
    if ('data' in event) this.#receive(event as MessageEvent<string>)
    else if (event.type === 'open') this.#set({ ...connectingState, status: 'open', readyState: OPEN })
    else this.#interrupted(event as EventSourceErrorEvent)
  }

  #receive({ type, data, lastEventId, origin }: MessageEvent<string>): void {
    this.#lastEventId = lastEventId
    const message = { order: (this.received += 1), event: { type, data, lastEventId, origin } }
    this.#keep(message)
    for (const reading of this.readings) reading.take(message, this)
    for (const receiver of this.#receivers.keys()) {
      if (receiver.types.includes(type)) receiver.receive(message)
    }
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
      // A body that ends, and is not to be asked for again, has said everything; so has one that says it has failed.
      const truncated = kind === 'truncated' || (kind !== 'end' && kind !== 'application' && this.state.status === 'open')
      this.#source?.close()
      this.#set(kind === 'end' ? doneState : { ...closedState, status: 'failed', error, attempt, truncated })
    }
  }

  /** Ends the time in which what came without anybody is kept for those who come back. */
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
    for (const receiver of this.#receivers.keys()) receiver.stateChanged(state)
    if (state.readyState === CLOSED) this.#setup.onEnd?.(state)
  }

  /** Waits, so that a remount, as in StrictMode or by another page, finds the connection as it was. */
  #disposeLater(keepAliveMs?: number): void {
    if (this.isUsed || this.isDisposed) return
    this.#unheardFrom = Math.min(this.#unheardFrom, this.received)
    const { status } = this.state
    const hasEndedWell = status === 'done' || status === 'closed'
    // Whoever comes back to a failure tries again.
    const waitMs = status === 'failed' ? 0 : keepAliveMs ?? (hasEndedWell ? ENDED_KEEP_ALIVE_MS : DEFAULT_KEEP_ALIVE_MS)
    clearTimeout(this.#disposal)
    this.#disposal = setTimeout(() => this.disposeUnlessUsed(), Math.min(waitMs, MAX_TIMER_MS))
  }
}

// Shared by everything on the page, as the connections are. It stays empty on a server, where nothing connects.
const connections = new Map<string, Connection>()

/** The connection of a request, if it is open. */
export function connectionOf(key: string): Connection | undefined {
  return connections.get(key)
}

/** The connection of a request. A new one is for somebody to join, and goes on from `previous`. */
export function connect({ url, key, sharedKey }: StoreRequest, options: SourceOptions, previous?: Connection): Connection {
  const existing = connections.get(key)
  if (existing !== undefined) return existing
  warnOfAnother(url, key, sharedKey)
  const connection = new Connection({ url, options, onDispose: () => connections.delete(key) }, previous)
  connections.set(key, connection)
  return connection
}

declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** Left out of what is built for production, like what {@link warn} does. */
function warnOfAnother(url: string, key: string, sharedKey: string): void {
  try {
    if (process.env.NODE_ENV !== 'production' && key !== sharedKey && [...connections.keys()].some((other) => other.startsWith(sharedKey))) {
      warn(`several components request ${url} and share no connection, for functions and bodies cannot be compared: give those of one request the same key`)
    }
  } catch {
    // Without a bundler, browsers have no `process`.
  }
}

/** One connection that the page has open, or that it may still come back to. */
export interface OpenConnection extends ConnectionState {
  readonly url: string
  readonly lastEventId: string
  /** How many components show it. */
  readonly users: number
  /** How many events it has received. */
  readonly received: number
}

/** What all connections of the page's hooks are doing, for a debugging panel. Those of `useEventStream` are not listed. */
export function openConnections(): OpenConnection[] {
  return [...connections.values()].map(({ state, url, lastEventId = '', users, received }) => ({ ...state, url, lastEventId, users, received }))
}
