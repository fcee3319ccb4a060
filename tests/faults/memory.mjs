/** Runs in the page. Import it before the first source is constructed: it sees the modules made after that. */

const memories = []

const { Instance } = WebAssembly
WebAssembly.Instance = class extends Instance {
  constructor(...parameters) {
    super(...parameters)
    memories.push(this.exports.memory)
  }
}

/** Bytes that the page holds on to, `heap` only where the browser tells it. */
export function memoryUse() {
  globalThis.gc?.()
  const wasm = memories.reduce((bytes, { buffer }) => bytes + buffer.byteLength, 0)
  return { wasm, heap: performance.memory?.usedJSHeapSize }
}
