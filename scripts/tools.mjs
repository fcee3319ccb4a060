// The programs that are built from source, because no package registry has them ready to run. Importing this file puts
// them, and those of `node_modules`, first on PATH.
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Where they are kept, for all clones. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'eventsource-wasm')

export const tools = {
  // Must be the version of the crate. Not `locked`: its lockfile may name a version that was withdrawn.
  'wasm-bindgen-cli': {
    version: /name = "wasm-bindgen"\nversion = "(.+)"/.exec(readFileSync(join(root, 'Cargo.lock'), 'utf8'))[1],
    programs: ['wasm-bindgen', 'wasm-bindgen-test-runner'],
  },
  'wasm-pack': { version: '0.15.1', programs: ['wasm-pack'], locked: true },
  geckodriver: { version: '0.37.1', programs: ['geckodriver'], locked: true },
  'cargo-deny': { version: '0.20.2', programs: ['cargo-deny'], locked: true },
}

export const toolFolder = (name) => join(cache, 'tools', `${name}-${tools[name].version}`)

process.env.PATH = [
  ...Object.keys(tools).map((name) => join(toolFolder(name), 'bin')),
  join(root, 'node_modules', '.bin'),
  process.env.PATH,
].join(delimiter)
