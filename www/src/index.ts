export { EventSourceErrorEvent } from './source/error-event.js'
export { EventSource } from './source/event-source.js'
export type * from './types.js'
