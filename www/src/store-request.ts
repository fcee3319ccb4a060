import type { SourceOptions } from './store-types.js'
import type { EventSourceInit } from './types.js'

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
  const { method = 'GET', headers, body, credentials, withCredentials = false, key, EventSource } = options
  const isPrivate = key === undefined && hasOpaqueParts(options)
  const parts = [
    String(url), method, headerValues(headers), bodyValue(body), credentials, withCredentials, numberOf(EventSource), key,
    isPrivate ? owner : '',
  ]
  return { url: String(url), key: JSON.stringify(parts) }
}

/** Whether the request has parts that cannot be compared by value. */
export function hasOpaqueParts({ headers, body, fetch }: SourceOptions): boolean {
  const isOpaqueBody = body !== undefined && body !== null && bodyValue(body) === undefined
  return typeof headers === 'function' || fetch !== undefined || isOpaqueBody
}

function headerValues(headers: SourceOptions['headers']): unknown {
  if (headers === undefined || typeof headers === 'function') return []
  return Symbol.iterator in headers ? [...headers] : Object.entries(headers)
}

function bodyValue(body: SourceOptions['body']): string | undefined {
  return typeof body === 'string' || body instanceof URLSearchParams ? String(body) : undefined
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

/**
 * What is left of the options for the source. Its functions are looked up when they are called, for inline ones are
 * others after every render.
 */
export function sourceInit(current: () => SourceOptions, lastEventId: string): EventSourceInit {
  const {
    types, parse, history, flush, select, reducer, initialState, onEvent, onOpen, onError, EventSource, enabled, key, ...init
  } = current()
  const latest = Object.entries(init).map(([name, value]) => {
    if (typeof value !== 'function') return [name, value]
    const call = value as (...parameters: unknown[]) => unknown
    return [name, (...parameters: unknown[]) => {
      const now: unknown = Reflect.get(current(), name)
      return (typeof now === 'function' ? now as typeof call : call)(...parameters)
    }]
  })
  return { ...Object.fromEntries(latest), lastEventId }
}
