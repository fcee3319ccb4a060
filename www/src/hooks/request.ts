import { call } from '../platform/call.js'
import type { SourceOptions } from './types.js'
import type { EventSourceInit } from '../types.js'

/** The source could not be constructed: its URL or init is not valid. */
export class InitError extends Error {
  override readonly name = 'InitError'
  readonly kind = 'init'

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** No URL, no connection: `condition && url` works. */
export type MaybeUrl = string | URL | null | undefined | false

/** What to connect to. */
export interface StoreRequest {
  readonly url: string
  /**
   * Names the request: while it stays, nothing reconnects, and requests of one name share a connection. It is made of
   * values, so inline objects do no harm.
   */
  readonly key: string
}

/**
 * The request that options make, if there is a URL. Parts that cannot be compared by value count as equal within one
 * `owner` and as different from everybody else's, unless the option `key` says more.
 */
export function requestOf(url: MaybeUrl, options: SourceOptions, owner: string): StoreRequest | undefined {
  if (url === null || url === undefined || url === false) return undefined
  const { key, EventSource } = options
  const { method = 'GET', withCredentials = false, headers, body, store, ...init } = initOf(options)
  const isPrivate = key === undefined && hasOpaqueParts(options)
  const values = { ...init, method, withCredentials, headers: headerValues(headers), body: bodyValue(body), store: store !== undefined }
  return { url: String(url), key: JSON.stringify([String(url), numberOf(EventSource), key, isPrivate && owner, values], comparable) }
}

/** Of a function it counts that there is one, for inline ones are others after every render; of an object its values. */
function comparable(_name: string, value: unknown): unknown {
  if (typeof value === 'function') return true
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whether the request has parts that cannot be compared by value. */
export function hasOpaqueParts({ headers, body, fetch }: SourceOptions): boolean {
  return typeof headers === 'function' || fetch !== undefined || bodyValue(body) === true
}

function headerValues(headers: EventSourceInit['headers']): unknown {
  if (typeof headers === 'function') return true
  return headers !== undefined && Symbol.iterator in headers ? [...headers] : Object.entries(headers ?? {})
}

/** The text of a body, nothing for none, or `true` for one that cannot be compared. */
function bodyValue(body: EventSourceInit['body']): string | true | undefined {
  if (body === undefined || body === null) return undefined
  return typeof body === 'string' || body instanceof URLSearchParams ? String(body) : true
}

let count = 0

/** A name for one component on this page. */
export function newOwner(): string {
  count += 1
  return `${count}`
}

const numbers = new WeakMap<object, number>()

function numberOf(value: object): number {
  const number = numbers.get(value) ?? (count += 1)
  numbers.set(value, number)
  return number
}

/** What is left of the options for the source. */
function initOf(options: SourceOptions): EventSourceInit {
  const {
    types, parse, history, flush, select, reducer, initialState, onEvent, onOpen, onError, EventSource, enabled, key, ...init
  } = options
  return init as EventSourceInit
}

/**
 * The init of a source that is shared by `everyone`, the last configured last: that one's options, and what `request`
 * has instead of them. Functions are looked up when they are called, for inline ones are others after every render.
 */
export function sourceInit(everyone: () => readonly SourceOptions[], request: EventSourceInit): EventSourceInit {
  const latest = (): EventSourceInit => everyone().at(-1) as EventSourceInit
  const init = { ...initOf(latest() as SourceOptions), ...request }
  const live = Object.entries(init).map(([name, value]) => {
    if (typeof value !== 'function') return [name, value]
    const first = value as (...parameters: unknown[]) => unknown
    return [name, (...parameters: unknown[]) => {
      const now: unknown = Reflect.get(latest(), name)
      return (typeof now === 'function' ? now as typeof first : first)(...parameters)
    }]
  })
  const { complete, onComment, reconnect, store } = init
  return {
    ...Object.fromEntries(live) as EventSourceInit,
    ...(typeof complete === 'function' && {
      complete: (message) => everyone().filter((options) => call(options.complete, message)).length > 0,
    }),
    ...(typeof onComment === 'function' && {
      onComment: (comment) => everyone().forEach((options) => call(options.onComment, comment)),
    }),
    ...(typeof reconnect === 'object' && typeof reconnect?.decide === 'function' && {
      reconnect: { ...reconnect, decide: (error) => {
        const { reconnect: now } = latest()
        return typeof now === 'object' ? now.decide?.(error) : undefined
      } },
    }),
    ...(store?.get && store.set && {
      store: { get: () => latest().store?.get(), set: (id) => latest().store?.set(id) },
    }),
  }
}
