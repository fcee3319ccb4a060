// Makes what wasm-pack leaves smaller. A quarter of it is of no use to a page: panic messages and long names.
import { readFileSync, writeFileSync } from 'node:fs'
import binaryen from 'binaryen'

const listOf = (count, at) => Array.from({ length: count }, (_, index) => at(index))
const functionsOf = (module) => listOf(module.getNumFunctions(), (index) => binaryen.getFunctionInfo(module.getFunctionByIndex(index)))
const exportsOf = (module) => listOf(module.getNumExports(), (index) => binaryen.getExportInfo(module.getExportByIndex(index)))

/** What says why the module traps, to a panic handler that does not listen (see `src/bindings.rs`). */
const speaksOfPanics = /\b(core|alloc)\[\w+\]::.*(\bfmt\b|panic|_fail\b|handle_(alloc_)?error|capacity_overflow)/

/** Lets such functions trap at once. Their callers, who need no arguments for them any more, shrink as well. */
const trapSilently = (module) => {
  for (const { name } of functionsOf(module)) {
    if (speaksOfPanics.test(name)) binaryen.Function.setBody(module.getFunction(name), module.unreachable())
  }
}

/** What they would have said: where in which file, phrases of the core library, and its digits. */
const panicTexts = new RegExp(
  [
    '[\\w./-]+\\.rs',
    'slice index starts at | but ends at |range (start|end) index | out of range for slice of length ',
    'assertion `left| right` failed|==!=matches|  left: |\\n right: ',
    'memory allocation of | bytes failed|capacity overflow|RefCell already (mutably )?borrowed|`async fn` resumed after completion',
    '0001020304\\d{190}|0x0123456789ABCDEF|0123456789abcdef',
  ].join('|'),
  'g',
)

/** The module without these texts. Nothing moves: the optimizer drops what is zero. */
const withoutPanicTexts = (bytes) =>
  Buffer.from(bytes.toString('latin1').replaceAll(panicTexts, (text) => '\0'.repeat(text.length)), 'latin1')

/** Gives what crosses the boundary names of a letter or two. Returns the old names with the new ones. */
const shortenNames = (module) => {
  const names = new Map()
  const shorten = (name) => {
    names.set(name, `${String.fromCharCode(97 + (names.size % 26))}${Math.floor(names.size / 26) || ''}`)
    return names.get(name)
  }
  for (const { name, module: importedFrom, base, params, results } of functionsOf(module)) {
    if (!importedFrom) continue
    module.removeFunction(name)
    module.addFunctionImport(name, 'a', shorten(base), params, results)
  }
  for (const { kind, name, value } of exportsOf(module)) {
    // `www/src/wasm.ts` knows the memory by its name. No glue knows the globals.
    if (kind === binaryen.ExternalMemory) continue
    module.removeExport(name)
    if (kind === binaryen.ExternalFunction) module.addFunctionExport(value, shorten(name))
    if (kind === binaryen.ExternalTable) module.addTableExport(value, shorten(name))
  }
  return names
}

/** Optimizes until that makes the module no smaller. */
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

/** Optimizes the module in place and has the generated glue use its new names. */
export const optimize = (wasm, glue) => {
  const module = binaryen.readBinary(withoutPanicTexts(readFileSync(wasm)))
  trapSilently(module)
  const names = shortenNames(module)
  optimizeForSize(module)
  module.runPasses(['strip-debug', 'strip-producers', 'strip-target-features'])
  writeFileSync(wasm, module.emitBinary())

  let text = readFileSync(glue, 'utf8').replace(/"\.\/\w+_bg\.js"(?=: import0)/, 'a')
  for (const [name, short] of names) text = text.replaceAll(new RegExp(`(?<=wasm\\.)${name}\\b|\\b${name}(?=: function)`, 'g'), short)
  writeFileSync(glue, text)
}
