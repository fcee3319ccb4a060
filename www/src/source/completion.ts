import { call } from '../platform/call.js'
import { report } from '../platform/report.js'
import { isThenable } from '../platform/thenable.js'
import type { EventSourceInit } from '../types.js'

/** The meaning of a message for the stream: its proper end, a possible end, a failure, or nothing. */
export type Verdict = boolean | 'ending' | Error | undefined | void

/** Calls the user's `complete` with every message. If it returns a promise, that is reported and it is not called again. */
export function completion(complete: EventSourceInit['complete']): (message: MessageEvent<string>) => Verdict {
  let asked = complete
  return (message) => {
    const answer = call(asked, message)
    if (!refusePromise(answer, 'complete')) return answer
    asked = undefined
    return undefined
  }
}

/** Whether a function of the init returned a promise where it must not. If so, reports it. */
export function refusePromise(answer: unknown, name: string): boolean {
  if (!isThenable(answer)) return false
  // Its rejection does not matter any more.
  Promise.resolve(answer).catch(() => {})
  report(new TypeError(`EventSource: ${name} must not return a promise`))
  return true
}
