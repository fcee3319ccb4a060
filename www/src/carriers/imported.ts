/** The class for runtimes that compile modules only when they are imported, as workerd does. */
import { EventSource as Class, provide } from '../class.js'
import module from '../wasm/module-file.js'

export { EventSourceErrorEvent, EventSourceErrorEvent as ErrorEvent, init } from '../class.js'
export const EventSource = /* @__PURE__ */ provide(Class, () => module as WebAssembly.Module)
