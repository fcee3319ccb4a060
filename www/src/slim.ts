export { EventSource } from './event-source.js'
export { init } from './init.js'
export type * from './types.js'
