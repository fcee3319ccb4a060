import { MAX_DELAY_MS, LARGEST_EVENT_BYTES } from '../wasm/glue.js'
import { isObject } from '../platform/idl.js'
import type { Attempt, EventSourceInit } from '../types.js'

/** Returns the usable part of an option's value, or throws a `TypeError` that says what is wrong with it. */
type Check = (value: unknown, name: string) => unknown

/** Left for `fetch` to validate. */
const asIs: Check = (value) => value

const reconnectOptions = dictionary({
  replay: oneOf('safe', 'always'),
  maxAttempts: integer(1, Infinity),
  maxBackoffMs: integer(0, MAX_DELAY_MS),
  stableMs: integer(0, MAX_DELAY_MS),
  decide: callback,
})

const checks = {
  withCredentials: undefined,
  credentials: asIs,
  integrity: asIs,
  keepalive: asIs,
  mode: asIs,
  priority: asIs,
  redirect: asIs,
  referrer: asIs,
  referrerPolicy: asIs,
  method: asIs,
  headers: (value) => (typeof value === 'function' ? value : new Headers(value as HeadersInit)),
  body: asIs,
  json: asIs,
  signal: abortSignal,
  fetch: callback,
  lastEventId: eventId,
  events: oneOf('light', 'platform'),
  limits: dictionary({ maxEventBytes: integer(1, LARGEST_EVENT_BYTES) }),
  reconnect: (value, name) => (typeof value === 'boolean' ? value : reconnectOptions(value, name)),
  timeouts: dictionary({
    openMs: integer(1, MAX_DELAY_MS),
    idleMs: (value, name) => (value === 'auto' ? value : integer(1, MAX_DELAY_MS)(value, name)),
    heartbeatEvent: nonEmpty('an event type'),
    heartbeatComment: nonEmpty('a name'),
  }),
  complete: callback,
  onComment: callback,
  resume: (value, name) => (typeof value === 'function' ? value : oneOf('header', 'query')(value, name)),
  store: (value, name) => {
    const { get, set } = Object(value) as Record<string, unknown>
    return typeof get === 'function' && typeof set === 'function' ? value : refuse(value, name, 'an object with get and set')
  },
  interpret: dictionary({ emptyEvents: flag, unterminated: flag }),
  dedupe: integer(1, 1_000_000),
  trace: callback,
} satisfies Record<keyof EventSourceInit, Check | undefined>

const eventSourceInit = dictionary(checks)

/**
 * A copy of `init`, protected from later changes and from a polluted `Object.prototype`. It omits `withCredentials`,
 * which Web IDL converts. `isLenient`: ignores unknown options, as Web IDL does.
 *
 * @throws `TypeError` that names the option and what is wrong with it.
 */
export function checkedInit(init: EventSourceInit, isLenient: boolean): Omit<EventSourceInit, 'withCredentials'> {
  const known = isLenient ? Object.fromEntries(Object.entries(init).filter(([key]) => Object.hasOwn(checks, key))) : init
  const options = eventSourceInit(known, '') as EventSourceInit
  return options.json === undefined ? options : withJson(options)
}

function withJson(options: EventSourceInit): EventSourceInit {
  const { json, body, method = 'POST' } = options
  if (body !== undefined) throw new TypeError('EventSource: json and body are two bodies')
  return Object.assign(options, {
    method,
    body: typeof json === 'function' ? async (attempt: Attempt) => textOf(await json(attempt)) : textOf(json),
  })
}

function textOf(json: unknown): string {
  return JSON.stringify(json) ?? refuse(json, 'json', 'what JSON can say')
}

/** Copies the properties that have a check. A property whose check is `undefined` is allowed, but not copied. */
function dictionary(checks: Record<string, Check | undefined>): Check {
  return (value, name) => {
    if (!isDictionary(value)) refuse(value, name, 'an object')
    const options = Object.create(null) as Record<string, unknown>
    for (const key of Object.keys(value)) {
      const path = name === '' ? key : `${name}.${key}`
      if (!Object.hasOwn(checks, key)) {
        throw new TypeError(`EventSource: there is no option "${path}", only ${Object.keys(checks).join(', ')}`)
      }
      const check = checks[key]
      const member = check && (value as Record<string, unknown>)[key]
      if (isRef(member)) refuse(member, path, 'a value')
      if (check !== undefined && member !== undefined) options[key] = check(member, path)
    }
    return options
  }
}

/** A `Map` or a `Date` has no option members, and would pass as empty options. */
function isDictionary(value: unknown): value is object {
  return isObject(value) && /^\[object (Object|Function)\]$/.test(Object.prototype.toString.call(value)) && !isRef(value)
}

/** Whether it is a Vue ref. */
function isRef(value: unknown): boolean {
  return isObject(value) && '__v_isRef' in value
}

function oneOf(...values: string[]): Check {
  return (value, name) => {
    if (values.includes(value as string)) return value
    return refuse(value, name, values.map((one) => `"${one}"`).join(' or '))
  }
}

function integer(least: number, most: number): Check {
  return (value, name) => {
    const isWhole = Number.isInteger(value) || value === Infinity
    if (isWhole && (value as number) >= least && (value as number) <= most) return value
    return refuse(value, name, `an integer from ${least} to ${most}`)
  }
}

function flag(value: unknown, name: string): unknown {
  return typeof value === 'boolean' ? value : refuse(value, name, 'true or false')
}

function callback(value: unknown, name: string): unknown {
  return typeof value === 'function' ? value : refuse(value, name, 'a function')
}

function abortSignal(value: unknown, name: string): unknown {
  if (value === null) return undefined
  // It may be of another realm: we only add a listener.
  const { aborted, addEventListener } = Object(value) as Record<string, unknown>
  return typeof aborted === 'boolean' && typeof addEventListener === 'function' ? value : refuse(value, name, 'an AbortSignal')
}

/** No stream can set an ID that contains one of these, and no header may contain them. */
export function eventId(value: unknown, name: string): string {
  return typeof value === 'string' && !/[\r\n\0]/.test(value) ? value : refuse(value, name, 'a string without CR, LF and NUL')
}

function nonEmpty(wanted: string): Check {
  return (value, name) => (typeof value === 'string' && value !== '' ? value : refuse(value, name, wanted))
}

function textually(value: unknown): string {
  try {
    return Array.isArray(value) ? 'an array' : String(value)
  } catch {
    return 'an object without a prototype'
  }
}

function refuse(value: unknown, name: string, wanted: string): never {
  const got = isRef(value) ? 'a ref: pass its value' : typeof value === 'string' ? JSON.stringify(value) : textually(value)
  throw new TypeError(`EventSource: ${name === '' ? 'init' : name} must be ${wanted}, not ${got}`)
}
