import { instantiate as core } from '#core'

/**
 * The core as JavaScript. Pass it to `init` where WebAssembly is refused and a bundler or runtime keeps
 * `eventsource-wasm` from finding this file itself. It parses four to ten times slower than the module.
 *
 * @example
 * import { EventSource, init } from 'eventsource-wasm'
 * import * as fallback from 'eventsource-wasm/fallback'
 *
 * await init(fallback)
 */
export const instantiate: () => object = core
