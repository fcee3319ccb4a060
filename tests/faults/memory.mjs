/** Runs in the page. Import it before the first source is constructed: it sees the modules made after that. */

/** Weak, so that it tells of those that are in use. */
const memories = new Set()

const { Instance } = WebAssembly
WebAssembly.Instance = class extends Instance {
  constructor(...parameters) {
    super(...parameters)
    memories.add(new WeakRef(this.exports.memory))
  }
}

/** Bytes that the page holds on to, `heap` only where the browser tells it, and how many instances of the module. */
export function memoryUse() {
  globalThis.gc?.()
  const inUse = Array.from(memories, (memory) => memory.deref()).filter(Boolean)
  const wasm = inUse.reduce((bytes, { buffer }) => bytes + buffer.byteLength, 0)
  return { wasm, instances: inUse.length, heap: performance.memory?.usedJSHeapSize }
}
