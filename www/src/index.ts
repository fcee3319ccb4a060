export { EventSourceErrorEvent } from './source/error-event.js'
/** By this name the npm package `eventsource` exports its own: an override may put ours in its place. */
export { EventSourceErrorEvent as ErrorEvent } from './source/error-event.js'
export { EventSource } from './source/event-source.js'
export { init } from './wasm/init.js'
export type { Fallback, ModuleSource } from './wasm/init.js'
export type * from './types.js'
