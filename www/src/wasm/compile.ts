import type { ModuleSource } from './module-source.js'

/** Compiles the module, streaming where possible. */
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
  // Many servers do not know the type of `.wasm` files; streaming compilation requires it.
  const isWasm = response.headers.get('content-type') === 'application/wasm'
  if (isWasm) return WebAssembly.compileStreaming(response)
  // On the edge, Next wraps compilation in a function that is not async.
  return response.arrayBuffer().then(WebAssembly.compile)
}

interface Files {
  readFileSync(url: URL): Uint8Array<ArrayBuffer>
}

/** Node's `fetch` rejects `file:` URLs. Node modules are loaded in a way that no bundler follows. */
function readFile(url: string | URL): Uint8Array<ArrayBuffer> | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): Files | undefined } }
  if (!String(url).startsWith('file:')) return undefined
  return process?.getBuiltinModule?.('node:fs')?.readFileSync(new URL(url))
}
