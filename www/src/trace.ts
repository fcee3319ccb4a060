export { consoleTrace, type ConsoleTraceOptions } from './trace/console.js'
export { performanceTrace } from './trace/performance.js'
export type { TraceEntry } from './types.js'
