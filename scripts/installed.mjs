import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.mjs'

/**
 * Installs what `<folder>/package.json` names into `target/<name>`, unless it is there already, and returns where. For
 * dependencies that are too large for every checkout.
 */
export async function installed(folder, name) {
  const manifest = readFileSync(join(root, folder, 'package.json'), 'utf8')
  const directory = join(root, 'target', name)
  const stamp = join(directory, 'installed.json')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest) return directory
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'package.json'), manifest)
  const args = ['install', '--prefix', directory, '--no-audit', '--no-fund', '--no-package-lock']
  const { code, output } = await run('npm', args, { quiet: true })
  if (code !== 0) throw new Error(`npm could not install ${folder}/package.json:\n${output}`)
  writeFileSync(stamp, manifest)
  return directory
}
