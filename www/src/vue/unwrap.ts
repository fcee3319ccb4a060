import { isRef, toRaw, toValue, unref } from 'vue'

/** Options that are themselves functions, so never getters. */
const functions = new Set([
  'headers', 'body', 'fetch', 'resume', 'complete', 'onComment', 'trace', 'parse', 'reducer', 'select', 'toBody', 'onEvent', 'onOpen',
  'onError', 'onFinish', 'EventSource', 'initialState',
])
/** Options whose members may be refs, too. */
const groups = new Set(['headers', 'reconnect', 'timeouts', 'limits', 'types', 'interpret'])

/**
 * The options without refs, getters and proxies; watchers track the reads made here. Decoders, bodies and states are
 * never passed on as proxies, which break private members and comparisons.
 */
export function unwrapped<Options extends object>(options: Options): Options {
  const entries = Object.entries(options).map(([name, given]) => {
    const value: unknown = functions.has(name) ? unref(given) : toValue(given)
    return [name, groups.has(name) && isGroup(value) ? members(value) : toRaw(value)]
  })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Options
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(toRaw(value)) === Object.prototype
}

function members(group: object): object {
  return Object.fromEntries(Object.entries(group).map(([name, value]: [string, unknown]) => [name, toRaw(isRef(value) ? value.value : value)]))
}
