export { consoleTrace, type ConsoleTraceOptions } from './trace/lines.js'
export { performanceTrace } from './trace/tracks.js'
export type { TraceEntry } from './types.js'
