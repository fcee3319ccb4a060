import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const manifest = readFileSync(fileURLToPath(new URL('package.json', import.meta.url)), 'utf8')
const directory = fileURLToPath(new URL('../../target/fetch', import.meta.url))

let installation

/** Installs the clients beside the built package, if they are not there yet, and returns where. */
export function installedClients() {
  installation ??= install()
  return installation
}

async function install() {
  const stamp = join(directory, 'installed.json')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest) return directory
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'package.json'), manifest)
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: directory })
  symlinkSync(fileURLToPath(new URL('../../pkg', import.meta.url)), join(directory, 'node_modules', 'eventsource-wasm'))
  writeFileSync(stamp, manifest)
  return directory
}
