import { isPlain } from './plain.js'
import type { SourceOptions } from './types.js'

declare const process: { readonly env: { readonly NODE_ENV?: string } }

/**
 * Bundlers remove it in production.
 *
 * @throws `RangeError` or `TypeError` if an option is invalid.
 */
export function validate(options: SourceOptions, isStream: boolean): void {
  const problem = problemOf(options, isStream)
  if (problem !== undefined) throw problem
}

function problemOf(options: SourceOptions, isStream: boolean): Error | undefined {
  try {
    if (process.env.NODE_ENV !== 'production') return findProblem(options, isStream)
  } catch {
    // Unbundled code in a browser has no `process`.
    return findProblem(options, isStream)
  }
  return undefined
}

function findProblem(options: SourceOptions, isStream: boolean): Error | undefined {
  const { flush = 'frame', history = 0, keepAliveMs = 0, types } = options
  const instead = {
    signal: 'the connection ends with the component, or by enabled: false',
    ...(isStream && { body: 'give it to send', json: 'give it to send', reconnect: 'the request is made once, or again by retry', share: 'the answer is for one tab' }),
  }
  for (const [name, hint] of Object.entries(instead)) {
    if (Object.hasOwn(options, name) && Reflect.get(options, name) !== undefined) return new TypeError(`${name} is not an option here: ${hint}`)
  }
  if (types !== undefined && Object(types) !== types) return new TypeError(`types must be a list of event types, or a decoder for each, not ${String(types)}`)
  if (!Number.isSafeInteger(history) || history < 0) {
    return new RangeError(`history must be a whole number of events, not ${history}`)
  }
  if (flush !== 'frame' && flush !== 'microtask' && !isTime(flush)) {
    return new RangeError(`flush must be 'frame', 'microtask' or milliseconds, not ${flush}`)
  }
  if (!isTime(keepAliveMs)) return new RangeError(`keepAliveMs must be milliseconds, not ${keepAliveMs}`)
  const [header] = Object.entries(isPlain(options.headers) ? options.headers : {}).find(([, value]) => typeof value === 'function') ?? []
  if (header !== undefined) return new TypeError(`headers.${header} must be a string, not a function: make headers the function`)
  if (isPlain(options.body)) return new TypeError('body must be what fetch takes: for an object, give json or JSON.stringify(object)')
  return undefined
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0
}
