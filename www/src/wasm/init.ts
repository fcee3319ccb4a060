import { compile } from './compile.js'
import { provideFallback, provideModule } from './load.js'
import type { Fallback, ModuleSource } from './module-source.js'

export type { Fallback, ModuleSource }

/**
 * Sets the module for the sources of this realm. Needed only where it is not found automatically: `eventsource-wasm`
 * inlines it, `eventsource-wasm/slim` loads the `.wasm` file beside it.
 *
 * With the module, its bytes, a `Response` or a URL, it resolves when the module is compiled; the first call wins. With
 * the exports of `eventsource-wasm/fallback`, sources use them where WebAssembly is refused.
 *
 * @throws any error from fetching or compiling; a later call may succeed.
 */
export async function init(source: ModuleSource | Fallback | PromiseLike<ModuleSource | Fallback>): Promise<void> {
  const given = await source
  if (typeof given === 'object' && 'instantiate' in given) provideFallback(given)
  else provideModule(await compile(given))
}
