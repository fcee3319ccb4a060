/** Runs in the page. Import it before the first source is constructed: it sees the modules made after that. */

const memories = []
const tables = []

const { Instance } = WebAssembly
WebAssembly.Instance = class extends Instance {
  constructor(...parameters) {
    super(...parameters)
    memories.push(this.exports.memory)
    tables.push(...Object.values(this.exports).filter((each) => each instanceof WebAssembly.Table))
  }
}

/**
 * Bytes that the page holds on to, `heap` only where the browser tells it, and places for what WebAssembly holds of
 * JavaScript.
 */
export function memoryUse() {
  globalThis.gc?.()
  const wasm = memories.reduce((bytes, { buffer }) => bytes + buffer.byteLength, 0)
  const references = tables.reduce((places, { length }) => places + length, 0)
  return { wasm, references, heap: performance.memory?.usedJSHeapSize }
}
