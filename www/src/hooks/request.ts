import { initOf } from './source-init.js'
import type { SourceOptions } from './types.js'
import type { EventSourceInit } from '../types.js'

/** The source could not be constructed: its URL or init is invalid. */
export class InitError extends Error {
  override readonly name = 'InitError'
  readonly kind = 'init'

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** No URL, no connection: `condition && url` works, even if the condition is an empty string. */
export type MaybeUrl = string | URL | null | undefined | false

/** What to connect to. */
export interface StoreRequest {
  readonly url: string
  /**
   * Identifies the request: while it is unchanged, the state is kept. It is made of values, so inline objects are fine.
   * Parts that cannot be compared by value count as equal.
   */
  readonly identity: string
  /** The headers alone. When they change, the request is repeated and resumes after the last event. */
  readonly headers: string
  /** Requests with the same key share a connection. */
  readonly key: string
  /** The key without the parts that cannot be compared by value, which make `key` unique to its owner. */
  readonly sharedKey: string
}

/** The request that the options describe, for one `owner`; `undefined` without a URL. */
export function requestOf(url: MaybeUrl, options: SourceOptions, owner?: object): StoreRequest | undefined {
  if (url === null || url === undefined || url === false || url === '') return undefined
  const { key, share, EventSource } = options
  const { withCredentials = false, headers: given, body, store, ...init } = initOf(options)
  const values = { ...init, method: methodOf(options), withCredentials, body: bodyValue(body), store: store !== undefined }
  const identity = JSON.stringify([String(url), numberOf(EventSource), key, share, values], comparable)
  const headers = JSON.stringify(headerValues(given))
  const sharedKey = `${identity} ${headers} `
  return { url: String(url), identity, headers, sharedKey, key: owner !== undefined && isNameless(options) ? sharedKey + numberOf(owner) : sharedKey }
}

/** Functions are compared by presence, since inline ones change with every render; objects by value. */
function comparable(_name: string, value: unknown): unknown {
  if (typeof value === 'function') return true
  if (typeof value === 'bigint') return `${value}`
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whether the request has parts that cannot be compared by value, and no key. */
export function isNameless({ key, share, headers, body, json, fetch }: SourceOptions): boolean {
  const isOpaque = typeof headers === 'function' || typeof json === 'function' || fetch !== undefined || bodyValue(body)?.[1] === true
  return isOpaque && key === undefined && !share
}

/** Normalizes headers, which can be written in several ways. */
function headerValues(headers: EventSourceInit['headers']): unknown {
  if (typeof headers === 'function') return true
  try {
    return [...new Headers(headers)]
  } catch {
    // The source reports what is wrong with them.
    return `${JSON.stringify(headers)}`
  }
}

/** The kind of a body, since each has its own content type, and its text, or `true` if it cannot be compared. */
function bodyValue(body: EventSourceInit['body']): [string, string | true] | undefined {
  if (body === undefined || body === null) return undefined
  const isText = typeof body === 'string' || body instanceof URLSearchParams
  return [Object.prototype.toString.call(body), isText ? String(body) : true]
}

function methodOf({ json, method = json === undefined ? 'GET' : 'POST' }: SourceOptions): string {
  return method
}

/** Idempotent methods (RFC 9110): a request that was cut off may be repeated. */
const IDEMPOTENT = /^(GET|HEAD|OPTIONS|TRACE|QUERY|REPORT|SEARCH|PROPFIND|PUT|DELETE)$/i

/** Whether to repeat the request when its component is shown again. */
export function isRepeatable(options: SourceOptions): boolean {
  const { reconnect } = options
  return IDEMPOTENT.test(methodOf(options)) || (typeof reconnect === 'object' && reconnect?.replay === 'always')
}

let count = 0
const numbers = new WeakMap<object, number>()

/** Tells objects of this page apart. */
function numberOf(value: object): number {
  const number = numbers.get(value) ?? (count += 1)
  numbers.set(value, number)
  return number
}
