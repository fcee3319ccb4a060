import { report } from '../platform/report.js'
import { refusePromise } from './completion.js'
import type { ErrorDetails, EventSourceInit } from '../types.js'

/**
 * Calls the user's `decide` and converts its result for the driver: a negative number to stop, `Infinity` for the usual
 * wait, a wait in milliseconds, or `undefined` to keep the plan. Errors are reported and keep the plan.
 */
export function ask(reconnect: EventSourceInit['reconnect'], error: ErrorDetails): number | undefined {
  if (typeof reconnect !== 'object') return undefined
  try {
    const answer: unknown = reconnect.decide?.(error)
    if (answer === undefined || refusePromise(answer, 'reconnect.decide')) return undefined
    if (answer === 'stop') return -1
    if (answer === 'retry') return Infinity
    if (Number.isFinite(answer) && (answer as number) >= 0) return answer as number
    throw new TypeError(`EventSource: reconnect.decide must return "stop", "retry", milliseconds or nothing, not ${String(answer)}`)
  } catch (error) {
    report(error)
    return undefined
  }
}
