import { EventSource } from './index.js'

export { EventSource }
export type * from './types.js'

/** Sets `globalThis.EventSource` to the class, even if there is another. */
export function install(): void {
  Object.defineProperty(globalThis, 'EventSource', { value: EventSource, writable: true, configurable: true })
}

if (!('EventSource' in globalThis)) install()
