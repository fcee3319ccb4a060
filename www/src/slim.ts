export { EventSourceErrorEvent } from './error-event.js'
export { EventSource } from './event-source.js'
export { init } from './init.js'
export type * from './types.js'
