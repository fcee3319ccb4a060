/** The class without a module. What adds one is in `carriers/`: they share this file, so that there is one class on a page. */
export { EventSourceErrorEvent } from './source/error-event.js'
export { EventSource } from './source/event-source.js'
export { init } from './wasm/init.js'
export { provide } from './wasm/load.js'
