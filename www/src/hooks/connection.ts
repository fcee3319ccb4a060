import { decodeNow, type Decoded } from '../decode/decoding.js'
import { InitError, sourceInit } from './request.js'
import type { ConnectionState, Decoder, SourceClass, SourceOptions, StreamEvent } from './types.js'
import type { EventSourceErrorEvent, EventSourceInit } from '../types.js'

const CONNECTING = 0
const OPEN = 1
const CLOSED = 2

/** Whoever a connection tells what happens. */
export interface Receiver {
  readonly types: readonly string[]
  receive(message: Message): void
  stateChanged(state: ConnectionState): void
}

/** An event as it came, and its place in the order of all that its connection has received, from 1. */
export interface Message {
  readonly order: number
  readonly event: StreamEvent<string, string>
}

export const connectingState: ConnectionState = {
  status: 'connecting', readyState: CONNECTING, error: undefined, attempt: 0, nextRetryAt: undefined, truncated: false,
}
export const closedState: ConnectionState = { ...connectingState, status: 'closed', readyState: CLOSED }
export const idleState: ConnectionState = { ...closedState, status: 'idle' }

/** At most so many events are kept for those who have not joined yet. */
const MAX_BACKLOG = 1000

/** How long a connection waits for a component that was told to render again, and may have to wait for others. */
export const GRACE_MS = 5_000

export interface ConnectionSetup {
  readonly url: string | URL
  /** Used while nobody has joined with a say. */
  readonly options: SourceOptions
  /** Where to resume, if not where the options say. */
  readonly lastEventId?: string | undefined
  /** What the one request has that is made, whatever the options say: an interruption is the end. */
  readonly request?: EventSourceInit
  readonly onDispose?: () => void
}

/** One event source and all who receive from it. It opens for the first, and closes one task after the last has left. */
export class Connection {
  readonly #setup: ConnectionSetup
  /** With the options of those who have a say, the last configured last. */
  readonly #receivers = new Map<Receiver, SourceOptions | undefined>()
  readonly #types = new Set<string>()
  readonly #latest = new Map<string, Message>()
  readonly #decoded = new Map<Decoder<unknown>, Decoded>()
  #decodedMessage: Message | undefined
  #backlog: Message[] = []
  #hold: ReturnType<typeof setTimeout> | undefined
  #received = 0
  #source: InstanceType<SourceClass> | undefined
  #state = idleState
  #lastEventId: string | undefined
  #isDisposed = false

  constructor(setup: ConnectionSetup) {
    this.#setup = setup
    this.#lastEventId = setup.lastEventId
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** If one is known. */
  get lastEventId(): string | undefined {
    return this.#source?.lastEventId ?? this.#lastEventId
  }

  /** Whether it has closed because nobody was left. It stays so. */
  get isDisposed(): boolean {
    return this.#isDisposed
  }

  /** From now on the functions of these options are called, if the receiver has joined. Values count when a source is opened. */
  configure(receiver: Receiver, options: SourceOptions): void {
    if (this.#receivers.delete(receiver)) this.#receivers.set(receiver, options)
  }

  join(receiver: Receiver, options?: SourceOptions): void {
    this.#receivers.set(receiver, options)
    for (const type of receiver.types) this.#listen(type)
    if (this.#state === idleState) this.#open()
  }

  leave(receiver: Receiver): void {
    this.#receivers.delete(receiver)
    this.#disposeUnlessJoined()
  }

  /** For a while, it stays open although nobody has joined and keeps all events for those who will. */
  hold(): void {
    clearTimeout(this.#hold)
    this.#hold = setTimeout(() => this.release(), GRACE_MS)
  }

  /** Ends that. */
  release(): void {
    clearTimeout(this.#hold)
    this.#hold = undefined
    this.#backlog = []
    this.#disposeUnlessJoined()
  }

  /** The kept events after `order`, oldest first. */
  backlog(types: readonly string[], order: number): Message[] {
    return this.#backlog.filter((message) => message.order > order && types.includes(message.event.type))
  }

  /** The latest event of each type, if it is after `order`, oldest first. */
  latest(types: readonly string[], order: number): Message[] {
    const messages = types.flatMap((type) => this.#latest.get(type) ?? [])
    return messages.filter((message) => message.order > order).sort((a, b) => a.order - b.order)
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
    if (this.#state.readyState !== CLOSED) this.#set(closedState)
  }

  /** Makes a request now, whatever the state, that resumes after the last event. */
  reconnect(): void {
    if (this.#isDisposed) return
    const source = this.#source
    if (source?.reconnect !== undefined && source.readyState !== CLOSED) {
      source.reconnect()
    } else {
      this.close()
      this.#open()
    }
  }

  #open(): void {
    const { url, options: { EventSource } } = this.#setup
    const { lastEventId } = this
    this.#set(connectingState)
    try {
      const source = new EventSource(String(url), this.#init())
      this.#source = source
      source.addEventListener('open', this.#onOpen)
      source.addEventListener('error', this.#onError)
      for (const type of this.#types) source.addEventListener(type, this.#onMessage)
    } catch (cause) {
      this.#source = undefined
      this.#lastEventId = lastEventId
      this.#set({ ...closedState, status: 'failed', error: new InitError(cause) })
    }
  }

  #init(): EventSourceInit {
    const { lastEventId } = this
    const { options, request } = this.#setup
    const everyone = (): readonly SourceOptions[] => {
      const joined = [...this.#receivers.values()].filter((one) => one !== undefined)
      return joined.length > 0 ? joined : [options]
    }
    const init = sourceInit(everyone, { ...request, ...(lastEventId !== undefined && { lastEventId }) })
    const { complete } = init
    if (complete === undefined) return init
    const completeAndEnd: typeof complete = (message) => {
      const isComplete = complete(message)
      // The source closes without an event.
      if (isComplete) this.#set(closedState)
      return isComplete
    }
    return { ...init, complete: completeAndEnd }
  }

  #listen(type: string): void {
    if (this.#types.has(type)) return
    this.#types.add(type)
    this.#source?.addEventListener(type, this.#onMessage)
  }

  readonly #onMessage = (event: Event): void => {
    // The platform's own `open` and `error` share their names with what a server may send.
    if (!isMessage(event)) return
    const { type, data, lastEventId, origin } = event
    this.#received += 1
    this.#lastEventId = lastEventId
    const message = { order: this.#received, event: { type, data, lastEventId, origin } }
    this.#latest.set(type, message)
    if (this.#hold !== undefined) {
      this.#backlog.push(message)
      if (this.#backlog.length > MAX_BACKLOG) this.#backlog.shift()
    }
    for (const receiver of this.#receivers.keys()) {
      if (receiver.types.includes(type)) receiver.receive(message)
    }
  }

  readonly #onOpen = (event: Event): void => {
    if (isMessage(event)) return
    this.#set({ ...connectingState, status: 'open', readyState: OPEN })
  }

  readonly #onError = (event: Event): void => {
    if (isMessage(event)) return
    const error = event as EventSourceErrorEvent
    const { kind, attempt = 0, delayMs } = error
    const isSingle = this.#setup.request !== undefined
    const willReconnect = this.#source?.readyState === CONNECTING
    if (kind === 'reconnect' && willReconnect) {
      this.#set(connectingState)
      return
    }
    if (willReconnect && !isSingle) {
      const nextRetryAt = delayMs === undefined ? undefined : Date.now() + delayMs
      this.#set({ ...connectingState, status: 'reconnecting', error, attempt: attempt + 1, nextRetryAt })
      return
    }
    const truncated = kind === 'truncated' || (isSingle && this.#state.status === 'open')
    this.#source?.close()
    // A body that ends, and is not to be asked for again, has said everything.
    this.#set(kind === 'end' ? closedState : { ...closedState, status: 'failed', error, attempt, truncated })
  }

  get #isUsed(): boolean {
    return this.#hold !== undefined || this.#receivers.size > 0
  }

  #set(state: ConnectionState): void {
    this.#state = state
    for (const receiver of this.#receivers.keys()) receiver.stateChanged(state)
  }

  /** Waits a task, so that a remount, as in StrictMode, finds the connection as it was. */
  #disposeUnlessJoined(): void {
    if (this.#isUsed) return
    setTimeout(() => {
      if (this.#isUsed || this.#isDisposed) return
      this.#isDisposed = true
      this.#setup.onDispose?.()
      this.close()
    })
  }
}

function isMessage(event: Event): event is MessageEvent<string> {
  return 'data' in event
}

// Shared by everything on the page, as the connections are. It stays empty on a server, where nothing connects.
const connections = new Map<string, Connection>()

/** The connection of a request, if it is open. */
export function connectionOf(key: string): Connection | undefined {
  return connections.get(key)
}

/** The connection of a request. A new one is for somebody to join. */
export function connect(key: string, setup: ConnectionSetup): Connection {
  const connection = connections.get(key) ?? new Connection({ ...setup, onDispose: () => connections.delete(key) })
  connections.set(key, connection)
  return connection
}
