import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const source = fileURLToPath(new URL('../../pkg', import.meta.url))

/** Packs the npm package as a release would and unpacks it into a temporary directory. */
export async function packedPackage() {
  const parent = await mkdtemp(join(tmpdir(), 'eventsource-wasm-packed-'))
  const { stdout } = await run('npm', ['pack', source, '--json', '--pack-destination', parent], { cwd: parent })
  const [{ filename, files }] = JSON.parse(stdout)
  await run('tar', ['-xzf', join(parent, filename), '-C', parent])
  const directory = join(parent, 'package')
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  return {
    directory,
    manifest,
    files: files.map(({ path }) => path).sort(),
    remove: () => rm(parent, { recursive: true }),
  }
}

/** The import map by which a page resolves the package's entry points to files under `prefix`. */
export function importMap({ name, exports }, prefix) {
  return Object.fromEntries(Object.entries(exports).map(([entry, target]) => [
    name + entry.slice(1),
    prefix + (target.default ?? target).slice(2),
  ]))
}
