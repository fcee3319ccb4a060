/** `eventsource-wasm`: the class with its module inlined. */
import { importFallback, inlined } from '#embedded'
import { EventSource as Class, provide } from '../class.js'

export { EventSourceErrorEvent, EventSourceErrorEvent as ErrorEvent, init } from '../class.js'
export const EventSource = /* @__PURE__ */ provide(Class, () => new WebAssembly.Module(fromHex(inlined)), importFallback)

function fromHex(digits: string): Uint8Array<ArrayBuffer> {
  if ('fromHex' in Uint8Array) {
    return (Uint8Array.fromHex as (digits: string) => Uint8Array<ArrayBuffer>)(digits)
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => parseInt(byte, 16))
}
