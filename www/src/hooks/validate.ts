import { isPlain } from './plain.js'
import type { SourceOptions } from './types.js'

/** @throws `RangeError` or `TypeError` if an option makes no sense. */
export function validate(options: SourceOptions): void {
  const { flush = 'frame', history = 0, keepAliveMs = 0 } = options
  if (!Number.isSafeInteger(history) || history < 0) {
    throw new RangeError(`history must be a whole number of events, not ${history}`)
  }
  if (flush !== 'frame' && flush !== 'microtask' && !isTime(flush)) {
    throw new RangeError(`flush must be 'frame', 'microtask' or milliseconds, not ${flush}`)
  }
  if (!isTime(keepAliveMs)) throw new RangeError(`keepAliveMs must be milliseconds, not ${keepAliveMs}`)
  if (isPlain(options.body)) throw new TypeError('body must be what fetch takes: for an object, give json or JSON.stringify(object)')
  refuse(options, 'signal', 'the connection ends with the component, or by enabled: false')
}

/** Like {@link validate}, for options of which the body of a request is no part. */
export function validateStream(options: SourceOptions): void {
  validate(options)
  for (const name of ['body', 'json']) refuse(options, name, 'give it to send')
  refuse(options, 'reconnect', 'the request is made once, or again by retry')
}

function refuse(options: SourceOptions, name: string, instead: string): void {
  if (Object.hasOwn(options, name) && Reflect.get(options, name) !== undefined) throw new TypeError(`${name} is not an option here: ${instead}`)
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0
}
