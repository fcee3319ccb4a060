import { compile } from './compile.js'
import { provideFallback, provideModule } from './load.js'
import type { Fallback, ModuleSource } from './module-source.js'

export type { Fallback, ModuleSource }

/**
 * Says what the sources of this realm run on. Not needed where the module is found by itself: `eventsource-wasm` carries
 * it along, `eventsource-wasm/slim` loads the `.wasm` file beside it.
 *
 * Given the module, its bytes, a `Response` or a URL, resolves when it is compiled; the first call wins. Given what
 * `eventsource-wasm/fallback` exports, has sources use that where WebAssembly is refused.
 *
 * @throws what fetching or compiling throws; a second call may then succeed.
 */
export async function init(source: ModuleSource | Fallback | PromiseLike<ModuleSource | Fallback>): Promise<void> {
  const given = await source
  if (typeof given === 'object' && 'instantiate' in given) provideFallback(given)
  else provideModule(await compile(given))
}
