import type { TraceEntry } from '../types.js'
import { redacted } from './redacted.js'

/** What DevTools draws of a measure. */
type Color = 'primary' | 'secondary' | 'tertiary' | 'error'
type Properties = [name: string, value: string][]

/** What a source is doing since `begin`. */
interface Phase {
  readonly name: string
  readonly begin: number
  readonly color: Color
  readonly properties: Properties
}

/** What is known of a source that is not closed. */
interface Progress {
  phase?: Phase | undefined
  batch?: Extract<TraceEntry, { type: 'batch' }>
}

/**
 * For the option `trace`: adds a user timing for every request, open connection, wait and delivery. Chromium's
 * Performance panel shows one track per source, in a group of this name. A `PerformanceObserver` for `"measure"` receives
 * them, too. They are cleared at once, so an endless stream does not fill memory.
 *
 * @example
 * new EventSource('/feed', { trace: performanceTrace('feed') })
 */
export function performanceTrace(name = 'EventSource'): (entry: TraceEntry) => void {
  const sources = new Map<number, Progress>()
  return (entry) => {
    const { source, time } = entry
    const progress = sources.get(source) ?? {}
    sources.set(source, progress)
    const turnTo = (phase: Phase | undefined): void => {
      if (progress.phase !== undefined) measure(name, source, progress.phase, time)
      progress.phase = phase
    }
    switch (entry.type) {
      case 'request': {
        const { method, url, attempt, reason } = entry
        const properties: Properties = [['url', redacted(url)], ['attempt', `${attempt}`], ['reason', reason]]
        return turnTo({ name: `${method} ${new URL(url).pathname}`, begin: time, color: 'primary', properties })
      }
      case 'response':
        progress.phase?.properties.push(['status', `${entry.status}`])
        return undefined
      case 'open': return turnTo({ name: 'open', begin: time, color: 'secondary', properties: [] })
      case 'batch':
        progress.batch = entry
        return undefined
      case 'delivered': {
        const { batch } = progress
        if (batch === undefined) return undefined
        const { time: begin, messages, bytes } = batch
        const phase: Phase = { name: `${messages} messages`, begin, color: 'tertiary', properties: [['bytes', `${bytes}`]] }
        return measure(name, source, phase, time)
      }
      case 'decision': {
        const { kind, message, willReconnect } = entry
        const properties: Properties = [['kind', kind], ['message', message]]
        progress.phase?.properties.push(...properties)
        return turnTo(willReconnect ? { name: `waiting: ${kind}`, begin: time, color: 'error', properties } : undefined)
      }
      case 'close':
        progress.phase?.properties.push(['closed', entry.why])
        turnTo(undefined)
        sources.delete(source)
    }
  }
}

function measure(group: string, source: number, { name, begin, color, properties }: Phase, end: number): void {
  const label = `${group}: ${name}`
  const devtools = { dataType: 'track-entry', trackGroup: group, track: `source ${source}`, color, properties, tooltipText: label }
  performance.measure(label, { start: begin, end, detail: { devtools } })
  performance.clearMeasures(label)
}
