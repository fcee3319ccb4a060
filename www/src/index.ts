export { EventSourceErrorEvent } from './source/error-event.js'
/** The npm package `eventsource` exports its own under this name: an override may replace it with ours. */
export { EventSourceErrorEvent as ErrorEvent } from './source/error-event.js'
export { EventSource } from './source/event-source.js'
export { init } from './wasm/init.js'
export type { Fallback, ModuleSource } from './wasm/init.js'
export type * from './types.js'
