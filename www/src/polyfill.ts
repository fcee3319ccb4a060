import { EventSource } from './index.js'

export { EventSource }
export type * from './types.js'

/** Makes the class `globalThis.EventSource`, also where there is another. */
export function install(): void {
  Object.defineProperty(globalThis, 'EventSource', { value: EventSource, writable: true, configurable: true })
}

if (!('EventSource' in globalThis)) install()
