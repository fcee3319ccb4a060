/** `eventsource-wasm/slim`: the class, which loads its module from the file beside it. */
import { EventSource as Class, provide } from '../class.js'

export { EventSourceErrorEvent, EventSourceErrorEvent as ErrorEvent, init } from '../class.js'
export const EventSource = /* @__PURE__ */ provide(Class, () => new URL('./eventsource.wasm', import.meta.url))
