import type { ModuleSource } from './module-source.js'

/** What an import of `eventsource-wasm/eventsource.wasm` gives: a URL or the module, as the bundler or runtime has it. */
declare const module: ModuleSource
export default module
