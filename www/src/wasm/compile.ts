import type { ModuleSource } from './module-source.js'

/** Compiles the module, while it streams where that is possible. */
export async function compile(source: ModuleSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source
  if (typeof source !== 'string' && !(source instanceof URL)) {
    return source instanceof Response ? compileResponse(source) : WebAssembly.compile(source)
  }
  const file = readFile(source)
  return file === undefined ? compileResponse(await fetch(source)) : WebAssembly.compile(file)
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`)
  // Servers that do not know the type of `.wasm` files are many; streaming compilation insists on it.
  const isWasm = response.headers.get('content-type') === 'application/wasm'
  if (isWasm) return WebAssembly.compileStreaming(response)
  // Next wraps what is compiled on the edge into a function that is not async.
  return response.arrayBuffer().then(WebAssembly.compile)
}

interface Files {
  readFileSync(url: URL): Uint8Array<ArrayBuffer>
}

/** Node's `fetch` takes no `file:` URL. Its modules are asked for in a way that no bundler follows. */
function readFile(url: string | URL): Uint8Array<ArrayBuffer> | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): Files | undefined } }
  if (!String(url).startsWith('file:')) return undefined
  return process?.getBuiltinModule?.('node:fs')?.readFileSync(new URL(url))
}
