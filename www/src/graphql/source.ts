import { EventSource } from '../index.js'
import type { EventSourceInit, ReconnectOptions } from '../types.js'
import { Answers } from './answers.js'
import type { Emit } from './events.js'
import { streamError } from './stream-error.js'
import type { ClientOptions, GraphQLRequest } from './types.js'

/** Consecutive failures allowed, for servers that never complete an operation or end it at once. */
const MAX_ATTEMPTS = 5
const OPEN_MS = 30_000

/** The options of a client. */
export interface Settings extends Pick<ClientOptions, 'url' | 'headers' | 'method' | 'reconnect' | 'timeouts'> {
  readonly fetch: typeof globalThis.fetch
  /** Options that are passed to the class unchanged. */
  readonly passed: EventSourceInit
}

export interface Opening {
  /** The operation, if the source is for a single one. */
  readonly request?: GraphQLRequest
  readonly isMutation?: boolean
  readonly url: string
  readonly init?: Pick<EventSourceInit, 'method' | 'json'>
  readonly complete: NonNullable<EventSourceInit['complete']>
  readonly emit: Emit
}

/** A source, and the reason why it has ended. */
export interface Opened {
  readonly source: EventSource
  /** What is wrong with a message, if that is why its loop has left. */
  failure?: unknown
  /** Converts the exception of a loop over the messages to an error. */
  readonly errorOf: (thrown: unknown) => unknown
}

export function urlOf({ url }: Settings, request?: GraphQLRequest): string {
  return `${typeof url === 'function' ? url(request) : url}`
}

/** Opens a source and emits its events. */
export function openSource(settings: Settings, { request, isMutation = false, url, init, complete, emit }: Opening): Opened {
  const { fetch, headers, reconnect, timeouts, passed } = settings
  let wasAsked = false
  let wasOpen = false
  const answers = new Answers((input, init) => {
    emit('connecting', wasAsked)
    wasAsked = true
    return fetch(input, init)
  }, request !== undefined)
  const source = new EventSource(url, {
    ...passed,
    ...init,
    headers: typeof headers === 'function' ? (attempt) => headers({ ...attempt, request }) : headers,
    fetch: answers.fetch,
    interpret: { emptyEvents: true },
    reconnect: reconnectOptions(reconnect, isMutation),
    timeouts: { ...timeouts, openMs: timeouts?.openMs ?? OPEN_MS, idleMs: timeouts?.idleMs ?? 'auto' },
    complete: (message) => {
      emit('message', message)
      return complete(message)
    },
  })
  source.addEventListener('open', () => {
    emit('connected', wasOpen)
    wasOpen = true
  })
  source.addEventListener('error', (event) => {
    // A message may also have the type `error`.
    if (event.willReconnect) emit('retrying', event)
  })
  const errorOf = (thrown: unknown): unknown => streamError(thrown, answers.errors)
  const opened: Opened = { source, errorOf }
  source.closed.then(() => emit('closed', opened.failure), (thrown: unknown) => emit('closed', errorOf(thrown)))
  return opened
}

/** Reconnects a source, unless it is over. That cannot be seen while its failure is being reported. */
export function reopen(source: EventSource): void {
  try {
    source.reconnect()
  } catch {
    // It ends by itself.
  }
}

function reconnectOptions(reconnect: EventSourceInit['reconnect'], isMutation: boolean): false | ReconnectOptions {
  if (reconnect === false) return false
  const given: ReconnectOptions = reconnect === true ? { maxAttempts: Infinity } : reconnect ?? {}
  const { maxAttempts = MAX_ATTEMPTS, replay = 'always' } = given
  const decide: ReconnectOptions['decide'] = (error) => {
    // The mutation was sent, unless the request could not be made.
    if (isMutation && error.kind !== 'request') return 'stop'
    const answer = given.decide?.(error)
    // After the last attempt the class would wait. Fail instead, unless the device is offline.
    return answer ?? (error.delayMs === Infinity && isOnline() ? 'stop' : undefined)
  }
  return { ...given, maxAttempts, replay, decide }
}

function isOnline(): boolean {
  const { navigator } = globalThis as { navigator?: { onLine?: boolean } }
  return navigator?.onLine !== false
}
