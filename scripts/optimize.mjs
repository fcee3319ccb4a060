// Shrinks wasm-pack's output. A quarter of it is of no use to a page: panic messages and long names.
import { readFileSync, writeFileSync } from 'node:fs'
import binaryen from 'binaryen'

const listOf = (count, at) => Array.from({ length: count }, (_, index) => at(index))
const functionsOf = (module) => listOf(module.getNumFunctions(), (index) => binaryen.getFunctionInfo(module.getFunctionByIndex(index)))
const exportsOf = (module) => listOf(module.getNumExports(), (index) => binaryen.getExportInfo(module.getExportByIndex(index)))

/** Functions that format panic messages, for a panic handler that ignores them (see `src/core.rs`). */
const speaksOfPanics = /\b(core|alloc)\[\w+\]::.*(\bfmt\b|panic|_fail\b|handle_(alloc_)?error|capacity_overflow)/

/** Makes these functions trap at once. Their callers no longer need to pass arguments, so they shrink too. */
const trapSilently = (module) => {
  for (const { name } of functionsOf(module)) {
    if (speaksOfPanics.test(name)) binaryen.Function.setBody(module.getFunction(name), module.unreachable())
  }
}

/** The text of the messages: file locations, phrases of the core library, and its digits. */
const panicTexts = new RegExp(
  [
    '[\\w./-]+\\.rs',
    'slice index starts at | but ends at |range (start|end) index | out of range for slice of length ',
    'assertion `left| right` failed|==!=matches|  left: |\\n right: ',
    'memory allocation of | bytes failed|capacity overflow|RefCell already (mutably )?borrowed|`async fn` resumed after completion',
    'invalid enum value passed|null pointer passed to rust|attempted to take ownership of Rust value while it was borrowed',
    'recursive use of an object detected which would lead to unsafe aliasing in rust',
    '0001020304\\d{190}|0x0123456789ABCDEF|0123456789abcdef',
  ].join('|'),
  'g',
)

/** The module without these texts. Nothing moves: the optimizer drops what is zero. */
const withoutPanicTexts = (bytes) =>
  Buffer.from(bytes.toString('latin1').replaceAll(panicTexts, (text) => '\0'.repeat(text.length)), 'latin1')

/** Exports of wasm-bindgen that no core needs: tables and start-up for JavaScript values, which never cross. */
const unusedExports = /^(__wbindgen_\w+|__abort_handler|__instance_terminated|__data_end|__heap_base)$/

/** Removes all imports. wasm-bindgen would use them to throw when a core is misused; this traps instead. */
const importNothing = (module) => {
  for (const { name } of exportsOf(module)) if (unusedExports.test(name)) module.removeExport(name)
  for (const { name, module: importedFrom, params, results } of functionsOf(module)) {
    if (!importedFrom) continue
    module.removeFunction(name)
    module.addFunction(name, params, results, [], module.unreachable())
  }
}

/** Optimizes until the module stops shrinking. */
const optimizeForSize = (module) => {
  binaryen.setOptimizeLevel(2)
  binaryen.setShrinkLevel(2)
  let size = Infinity
  for (;;) {
    module.optimize()
    const { length } = module.emitBinary()
    if (length >= size) return
    size = length
  }
}

/** Optimizes the module in place. Afterwards it imports nothing. */
export const optimize = (wasm) => {
  const module = binaryen.readBinary(withoutPanicTexts(readFileSync(wasm)))
  trapSilently(module)
  importNothing(module)
  optimizeForSize(module)
  module.runPasses(['strip-debug', 'strip-producers', 'strip-target-features'])
  writeFileSync(wasm, module.emitBinary())
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(wasm)))
  if (imports.length > 0) throw new Error(`the module imports ${imports.map(({ name }) => name).join(', ')}`)
}
