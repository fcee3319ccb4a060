import type { Trace } from '../driver/owner.js'
import { call } from '../platform/call.js'
import type { EventSourceInit, TraceEntry } from '../types.js'

let sources = 0

/** Calls `trace` in a microtask: outside our own code, so that it may close the source. */
export function tracer(trace: NonNullable<EventSourceInit['trace']>): Trace {
  const source = sources += 1
  return (type, facts) => {
    const entry = { type, source, time: performance.now(), ...facts } as TraceEntry
    queueMicrotask(() => call(trace, entry))
  }
}
