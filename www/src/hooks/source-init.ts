import { call } from '../platform/call.js'
import type { SourceOptions } from './types.js'
import type { EventSourceInit } from '../types.js'

/** What is left of the options for the source. */
export function initOf(options: SourceOptions): EventSourceInit {
  const {
    types, parse, history, flush, select, reducer, initialState, onEvent, onOpen, onError, EventSource, enabled, key,
    immediate, keepAliveMs, keepPreviousData, messages, toBody, onFinish, ...init
  } = options
  return init as EventSourceInit
}

/**
 * The init of a source that is shared by `everyone`, the last configured last: that one's options, and what `request`
 * has instead of them. Functions are looked up when they are called, for inline ones are others after every render.
 */
export function sourceInit(everyone: () => readonly SourceOptions[], request: EventSourceInit): EventSourceInit {
  const latest = (): EventSourceInit => everyone().at(-1) as EventSourceInit
  const init = { ...initOf(latest() as SourceOptions), ...request }
  const live = Object.entries(init).map(([name, value]) => {
    if (typeof value !== 'function') return [name, value]
    const first = value as (...parameters: unknown[]) => unknown
    return [name, (...parameters: unknown[]) => {
      const now: unknown = Reflect.get(latest(), name)
      return (typeof now === 'function' ? now as typeof first : first)(...parameters)
    }]
  })
  const { complete, onComment, reconnect, store } = init
  return {
    ...Object.fromEntries(live) as EventSourceInit,
    ...(typeof complete === 'function' && {
      complete: (message) => everyone().map((options) => call(options.complete, message)).find(Boolean) ?? false,
    }),
    ...(typeof onComment === 'function' && {
      onComment: (comment) => everyone().forEach((options) => call(options.onComment, comment)),
    }),
    ...(typeof reconnect === 'object' && typeof reconnect?.decide === 'function' && {
      reconnect: { ...reconnect, decide: (error) => {
        const { reconnect: now } = latest()
        return typeof now === 'object' ? now.decide?.(error) : undefined
      } },
    }),
    ...(store?.get && store.set && {
      store: { get: () => latest().store?.get(), set: (id) => latest().store?.set(id) },
    }),
  }
}
