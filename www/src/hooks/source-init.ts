import { call } from '../platform/call.js'
import type { SourceOptions } from './types.js'
import type { EventSourceInit } from '../types.js'

/** The options that the source takes. */
export function initOf(options: SourceOptions): EventSourceInit {
  const {
    types, parse, history, flush, select, reducer, initialState, onEvent, onOpen, onError, EventSource, enabled, key,
    immediate, keepAliveMs, keepPreviousData, messages, toBody, onFinish, share, ...init
  } = options
  return init as EventSourceInit
}

/**
 * The init of a source shared by `everyone`, last configured last: the options of the last one, overridden by `request`.
 * Functions are looked up when they are called, since inline ones change with every render.
 */
export function sourceInit(everyone: () => readonly SourceOptions[], request: EventSourceInit): EventSourceInit {
  const latest = (): EventSourceInit => everyone().at(-1) as EventSourceInit
  const init = { ...live(initOf(latest() as SourceOptions), latest), ...request } as EventSourceInit
  const { complete, onComment, reconnect, store, trace } = init
  if (typeof complete === 'function') {
    init.complete = (message) => verdictOf(everyone().map((options) => call(options.complete, message)))
  }
  if (typeof onComment === 'function') init.onComment = (comment) => everyone().forEach((options) => call(options.onComment, comment))
  if (typeof trace === 'function') init.trace = (entry) => everyone().forEach((options) => call(options.trace, entry))
  if (reconnect && typeof reconnect === 'object') init.reconnect = live(reconnect, () => latest().reconnect) as typeof reconnect
  if (typeof store?.get === 'function' && typeof store.set === 'function') init.store = { get: () => latest().store?.get(), set: (id) => latest().store?.set(id) }
  return init
}

/** The same values, and functions that call those of the `latest`. */
function live(given: object, latest: () => unknown): object {
  return Object.fromEntries(Object.entries(given).map(([name, first]: [string, unknown]) => {
    if (typeof first !== 'function') return [name, first]
    return [name, (...parameters: unknown[]): unknown => {
      const now: unknown = Reflect.get(Object(latest()) as object, name)
      return (typeof now === 'function' ? now : first)(...parameters)
    }]
  }))
}

type Verdict = ReturnType<NonNullable<EventSourceInit['complete']>>

/** The meaning of a message if sharers disagree: a failure wins over the end, the end over a possible end. */
function verdictOf(verdicts: Verdict[]): Verdict {
  return verdicts.find((verdict) => verdict instanceof Error) ??
    verdicts.find((verdict) => verdict && verdict !== 'ending') ?? verdicts.find(Boolean)
}
