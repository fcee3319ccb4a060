export { EventSource } from './event-source.js'
export type * from './types.js'
