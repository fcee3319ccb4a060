/** The class without a module. The files in `carriers/` add one; they share this file, so a page has a single class. */
export { EventSourceErrorEvent } from './source/error-event.js'
export { EventSource } from './source/event-source.js'
export { init } from './wasm/init.js'
export { provide } from './wasm/load.js'
