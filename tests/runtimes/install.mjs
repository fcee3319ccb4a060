import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const manifest = readFileSync(fileURLToPath(new URL('package.json', import.meta.url)), 'utf8')
const directory = fileURLToPath(new URL('../../target/runtimes', import.meta.url))

/** Installs the runtimes, if they are not there yet, and returns where. */
export async function installedRuntimes() {
  const copy = join(directory, 'package.json')
  const stamp = join(directory, 'installed.json')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest) return directory
  mkdirSync(directory, { recursive: true })
  writeFileSync(copy, manifest)
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: directory })
  writeFileSync(stamp, manifest)
  return directory
}
