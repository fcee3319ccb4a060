import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const source = fileURLToPath(new URL('../../pkg', import.meta.url))

/** Packs the npm package as a release would and installs it in a temporary project, which is all that its `node_modules` has. */
export async function packedPackage() {
  const project = await mkdtemp(join(tmpdir(), 'eventsource-wasm-packed-'))
  const { stdout } = await run('npm', ['pack', source, '--json', '--pack-destination', project], { cwd: project })
  const [{ filename, files }] = JSON.parse(stdout)
  const directory = join(project, 'node_modules', 'eventsource-wasm')
  await mkdir(directory, { recursive: true })
  await run('tar', ['-xzf', join(project, filename), '-C', directory, '--strip-components=1'])
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  return {
    project,
    directory,
    manifest,
    files: files.map(({ path }) => path).sort(),
    remove: () => rm(project, { recursive: true }),
  }
}

/** The import map by which a page resolves the package's entry points to files under `prefix`. */
export function importMap({ name, exports }, prefix) {
  return Object.fromEntries(Object.entries(exports).map(([entry, target]) => [
    name + entry.slice(1),
    prefix + moduleOf(target).slice(2),
  ]))
}

/** The file that an entry point's conditions lead to where none of them is met. */
function moduleOf(target) {
  return typeof target === 'string' ? target : moduleOf(target.default)
}
