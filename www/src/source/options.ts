import { MAX_DELAY_MS, LARGEST_EVENT_BYTES } from '../wasm/glue.js'
import { isEventId } from './saved-id.js'
import type { EventSourceInit } from '../types.js'

/** Returns what is to be used of an option's value, or throws a `TypeError` that says what is wrong with it. */
type Check = (value: unknown, name: string) => unknown

/** `fetch` knows better what it takes. */
const asIs: Check = (value) => value

const reconnectOptions = dictionary({
  replay: oneOf('safe', 'always'),
  maxAttempts: integer(1, Infinity),
  maxBackoffMs: integer(0, MAX_DELAY_MS),
  stableMs: integer(0, MAX_DELAY_MS),
  decide: callback,
})

const eventSourceInit = dictionary({
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
  signal: abortSignal,
  fetch: callback,
  lastEventId: eventId,
  events: oneOf('light', 'platform'),
  limits: dictionary({ maxEventBytes: integer(1, LARGEST_EVENT_BYTES) }),
  reconnect: (value, name) => (typeof value === 'boolean' ? value : reconnectOptions(value, name)),
  timeouts: dictionary({
    openMs: integer(1, MAX_DELAY_MS),
    idleMs: integer(1, MAX_DELAY_MS),
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
  dedupe: integer(1, 1_000_000),
} satisfies Record<keyof EventSourceInit, Check | undefined>)

/**
 * A copy of `init` that knows nothing of later changes and of what was put on `Object.prototype`. It is without
 * `withCredentials`, which Web IDL has a say about.
 *
 * @throws `TypeError` that names the option and what is wrong with it.
 */
export function checkedInit(init: EventSourceInit): Omit<EventSourceInit, 'withCredentials'> {
  return eventSourceInit(init, '') as EventSourceInit
}

/** Takes the properties that have a check. A property without one is allowed, but not taken. */
function dictionary(checks: Record<string, Check | undefined>): Check {
  return (value, name) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) refuse(value, name, 'an object')
    const options = Object.create(null) as Record<string, unknown>
    for (const key of Object.keys(value)) {
      const path = name === '' ? key : `${name}.${key}`
      if (!Object.hasOwn(checks, key)) {
        throw new TypeError(`EventSource: there is no option "${path}", only ${Object.keys(checks).join(', ')}`)
      }
      const check = checks[key]
      const member = check && (value as Record<string, unknown>)[key]
      if (check !== undefined && member !== undefined) options[key] = check(member, path)
    }
    return options
  }
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

function callback(value: unknown, name: string): unknown {
  return typeof value === 'function' ? value : refuse(value, name, 'a function')
}

function abortSignal(value: unknown, name: string): unknown {
  return value instanceof AbortSignal ? value : refuse(value, name, 'an AbortSignal')
}

function eventId(value: unknown, name: string): unknown {
  const isClean = typeof value === 'string' && isEventId(value)
  return isClean ? value : refuse(value, name, 'a string without CR, LF and NUL')
}

function nonEmpty(wanted: string): Check {
  return (value, name) => (typeof value === 'string' && value !== '' ? value : refuse(value, name, wanted))
}

function refuse(value: unknown, name: string, wanted: string): never {
  const got = typeof value === 'string' ? JSON.stringify(value) : String(value)
  throw new TypeError(`EventSource: ${name === '' ? 'init' : name} must be ${wanted}, not ${got}`)
}
