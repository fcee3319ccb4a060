// Translates the module to JavaScript, for pages where WebAssembly is blocked. It is built again, for a target without the
// instructions that have no counterpart there, and translated by Binaryen.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { optimize } from './optimize.mjs'
import { root } from './run.mjs'

const target = 'wasm32v1-none'
const linked = join(root, 'target', target, 'release', 'eventsource_wasm.wasm')

/** As an ES module that exports `instantiate`. */
const asFactory = (text) => {
  const grown = '   buffer = newBuffer;\n'
  if (!text.includes(grown) || !text.includes('\nvar retasmFunc')) throw new Error('wasm2js writes something else than it did')
  return text
    // As in WebAssembly, views of memory that has grown must be empty.
    .replace(grown, `   structuredClone(buffer, { transfer: [buffer] });\n${grown}`)
    .replace(/\nvar retasmFunc[\s\S]*$/, '\nexport const instantiate = () => asmFunc({})\n')
}

/** Builds it into `folder`. `must` runs a command, and ends the build where that fails. */
export const buildFallback = async (folder, features, must) => {
  const script = join(folder, 'core.js')
  const wasm = join(folder, 'eventsource_wasm_bg.wasm')
  await must('cargo', ['rustc', '--quiet', '--release', '--lib', '--target', target, '--crate-type', 'cdylib', ...features])
  await must('wasm-bindgen', ['--target', 'web', '--no-typescript', '--out-dir', folder, linked])
  optimize(wasm)
  await must('wasm2js', ['-O2', wasm, '-o', script])
  writeFileSync(script, asFactory(readFileSync(script, 'utf8')))
}
