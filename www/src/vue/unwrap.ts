import { toRaw, toValue, unref } from 'vue'

/** Options that are themselves functions, so never getters. */
const functions = new Set([
  'headers', 'body', 'json', 'fetch', 'resume', 'complete', 'onComment', 'trace', 'parse', 'reducer', 'select', 'toBody', 'onEvent', 'onOpen',
  'onError', 'onFinish', 'EventSource', 'initialState',
])
/** Options whose members may be refs, too, and getters if no member is itself a function. */
const groups = new Map([['headers', toValue], ['timeouts', toValue], ['limits', toValue], ['interpret', toValue], ['reconnect', unref], ['types', unref]])

/**
 * The options without refs, getters and proxies; watchers track the reads made here. Decoders, bodies and states are
 * never passed on as proxies, which break private members and comparisons.
 */
export function unwrapped<Options extends object>(options: Options): Options {
  const entries = Object.entries(options).map(([name, given]) => {
    const value: unknown = functions.has(name) ? unref(given) : toValue(given)
    const read = groups.get(name)
    return [name, read && isGroup(value) ? members(value, read) : toRaw(value)]
  })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Options
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(toRaw(value)) === Object.prototype
}

function members(group: object, read: (given: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(group).map(([name, value]) => [name, toRaw(read(value))]))
}
