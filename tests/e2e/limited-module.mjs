import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import binaryen from 'binaryen'

const PAGE_BYTES = 64 * 1024

/** The published module with a memory limit: `spareBytes` more than it starts with. */
export async function limitedModule({ directory }, spareBytes) {
  const published = binaryen.readBinary(await readFile(join(directory, 'dist', 'eventsource.wasm')))
  const text = published.emitText()
  const limited = text.replace(/(?<=\(memory \S+ )(\d+)(?=\))/, (pages) => `${pages} ${+pages + spareBytes / PAGE_BYTES}`)
  if (limited === text) throw new Error('the module has no memory without a limit')
  const module = binaryen.parseText(limited)
  module.setFeatures(published.getFeatures())
  return [...module.emitBinary()]
}
