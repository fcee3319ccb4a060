import type { ModuleSource } from './module-source.js'

/** The default export of `eventsource-wasm/eventsource.wasm`: a URL or the module, depending on bundler or runtime. */
declare const module: ModuleSource
export default module
