export { EventSourceErrorEvent } from './error-event.js'
export { EventSource } from './event-source.js'
export type * from './types.js'
