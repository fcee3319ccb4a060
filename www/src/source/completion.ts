import { call } from '../platform/call.js'
import { report } from '../platform/report.js'
import { isThenable } from '../platform/thenable.js'
import type { EventSourceInit } from '../types.js'

/** What a message means for the stream: its proper end, that the end may come, a failure, or nothing. */
export type Verdict = boolean | 'ending' | Error | undefined | void

/** Asks the user's `complete` of every message. One that answers with a promise is reported, and not asked again. */
export function completion(complete: EventSourceInit['complete']): (message: MessageEvent<string>) => Verdict {
  let asked = complete
  return (message) => {
    const answer = call(asked, message)
    if (!refusePromise(answer, 'complete')) return answer
    asked = undefined
    return undefined
  }
}

/** Whether a function of the init has answered with a promise where that cannot be waited for, which is reported. */
export function refusePromise(answer: unknown, name: string): boolean {
  if (!isThenable(answer)) return false
  // What it rejects with is of no more use.
  Promise.resolve(answer).catch(() => {})
  report(new TypeError(`EventSource: ${name} must not return a promise`))
  return true
}
