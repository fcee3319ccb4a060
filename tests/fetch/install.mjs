import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { installed } from '../../scripts/installed.mjs'
import { root } from '../../scripts/run.mjs'

let installation

/** Installs the clients beside the built package, if they are not there yet, and returns where. */
export function installedClients() {
  installation ??= installed('tests/fetch', 'fetch').then((directory) => {
    const link = join(directory, 'node_modules', 'eventsource-wasm')
    if (!existsSync(link)) symlinkSync(join(root, 'pkg'), link)
    return directory
  })
  return installation
}
