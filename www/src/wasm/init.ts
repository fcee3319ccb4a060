import { instantiate } from './wasm.js'

/** Where `init` can take the module from. */
export type ModuleSource = WebAssembly.Module | BufferSource | Response | string | URL

/**
 * Compiles `eventsource-wasm/eventsource.wasm`, once per realm, before the first source is constructed.
 *
 * @throws what fetching or compiling throws; a second call may then succeed.
 */
export async function init(source: ModuleSource | PromiseLike<ModuleSource>): Promise<void> {
  instantiate(await compile(await source))
}

async function compile(source: ModuleSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source
  if (typeof source === 'string' || source instanceof URL) return compileResponse(await fetch(source))
  if (source instanceof Response) return compileResponse(source)
  return WebAssembly.compile(source)
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`)
  // Servers that do not know the type of `.wasm` files are many; streaming compilation insists on it.
  const isWasm = response.headers.get('content-type') === 'application/wasm'
  return isWasm ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer())
}
