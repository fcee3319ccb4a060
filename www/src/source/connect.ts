import { customFetch, hasOneShotBody, isFetchable, needsCors } from './request.js'
import type { EventSourceInit, ReconnectOptions } from '../types.js'
import { connect, type Connection, type Sink } from '../wasm/wasm.js'

/** Without what was put on `Object.prototype`. */
const NO_OPTIONS: ReconnectOptions = Object.create(null)

/** Opens the connection to `url` that `init` asks for. Options cross once, as flags and numbers. */
export function openConnection(sink: Sink, url: string, init: EventSourceInit, lastEventId: string): Connection {
  const { reconnect, timeouts } = init
  const { replay, maxAttempts = Infinity, maxBackoffMs, stableMs, decide } = typeof reconnect === 'object' ? reconnect : NO_OPTIONS
  return connect(
    sink,
    lastEventId,
    init.fetch && customFetch(init.fetch),
    isFetchable(url),
    needsCors(url, init),
    init.method ?? 'GET',
    hasOneShotBody(init),
    reconnect === false ? 'never' : replay ?? 'safe',
    init.complete !== undefined,
    init.onComment !== undefined,
    Boolean(reconnect),
    typeof init.headers === 'function',
    decide !== undefined,
    Number.isFinite(maxAttempts) ? maxAttempts : 0,
    maxBackoffMs,
    stableMs,
    timeouts?.openMs ?? 0,
    timeouts?.idleMs ?? 0,
    timeouts?.heartbeatEvent ?? '',
    timeouts?.heartbeatComment ?? '',
    init.limits?.maxEventBytes,
  )
}
