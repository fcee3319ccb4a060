// The only file that knows the generated glue.
import { Connection, initSync, PageSignal, type Kind, type Sink } from '#glue'
import { inlined } from '#inlined-wasm'

export { PageSignal }
export type { Connection, Kind, Sink }

let memory: WebAssembly.Memory | undefined

/** Makes `module` the one that all sources of this realm run on. The first call wins. */
export function instantiate(module: WebAssembly.Module): void {
  memory ??= initSync({ module }).memory
}

/** Opens a connection. Compiles the inlined module first if need be; throws where that is not possible. */
export function connect(...parameters: ConstructorParameters<typeof Connection>): Connection {
  if (memory === undefined) {
    if (inlined === undefined) throw new Error('call init() before constructing an EventSource')
    instantiate(new WebAssembly.Module(fromHex(inlined)))
  }
  return new Connection(...parameters)
}

/** The module's memory. Ask again after anything that can grow it. */
export function buffer(): ArrayBuffer {
  if (memory === undefined) throw new Error('no module')
  return memory.buffer
}

function fromHex(digits: string): Uint8Array<ArrayBuffer> {
  if ('fromHex' in Uint8Array) {
    return (Uint8Array.fromHex as (digits: string) => Uint8Array<ArrayBuffer>)(digits)
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => parseInt(byte, 16))
}
