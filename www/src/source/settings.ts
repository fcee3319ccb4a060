import type { EventSourceInit, ReconnectOptions } from '../types.js'
import { Name, Setting, type Settings } from '../wasm/core.js'
import { hearsSignals } from './page-signals.js'
import { hasOneShotBody, isFetchable, needsCors } from './request.js'

/** Does not inherit from `Object.prototype`, which may be polluted. */
const NO_OPTIONS: ReconnectOptions = Object.create(null)

/** The settings of `init` that the core needs. */
export function settingsOf(url: URL, init: EventSourceInit, lastEventId: string): Settings {
  const { reconnect, timeouts } = init
  const idleMs = timeouts?.idleMs
  const { replay, maxAttempts = Infinity, maxBackoffMs, stableMs, decide } = typeof reconnect === 'object' ? reconnect : NO_OPTIONS
  const numbers: Settings['numbers'] = [
    [Setting.OneShotBody, hasOneShotBody(init)],
    [Setting.Completes, init.complete !== undefined],
    [Setting.Comments, init.onComment !== undefined],
    [Setting.EmptyEvents, init.interpret?.emptyEvents],
    [Setting.Unterminated, init.interpret?.unterminated],
    [Setting.CustomFetch, init.fetch !== undefined],
    [Setting.Unfetchable, !isFetchable(url)],
    [Setting.NeedsCors, needsCors(url, init)],
    [Setting.HearsSignals, Boolean(reconnect) && hearsSignals()],
    [Setting.Reconnects, Boolean(reconnect)],
    [Setting.FreshHeaders, typeof init.headers === 'function'],
    [Setting.Asks, decide !== undefined],
    [Setting.MaxAttempts, Number.isFinite(maxAttempts) ? maxAttempts : undefined],
    [Setting.MaxBackoffMs, maxBackoffMs],
    [Setting.StableMs, stableMs],
    [Setting.OpenMs, timeouts?.openMs],
    [Setting.IdleMs, idleMs === 'auto' ? undefined : idleMs],
    [Setting.LearnsIdle, idleMs === 'auto'],
    [Setting.MaxEventBytes, init.limits?.maxEventBytes],
  ]
  const names: Settings['names'] = [
    [Name.LastEventId, lastEventId],
    [Name.Method, init.method],
    [Name.Replay, reconnect === false ? 'never' : replay],
    [Name.HeartbeatEvent, timeouts?.heartbeatEvent],
    [Name.HeartbeatComment, timeouts?.heartbeatComment],
  ]
  return { numbers, names }
}
