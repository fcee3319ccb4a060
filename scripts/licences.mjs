// Which licences npm packages installed here may have. Those of the crates are in `deny.toml`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.mjs'

/** They require attribution only, so code in the package or next to it may have them. */
const permissive = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'MIT OR Apache-2.0']

/** Allowed for tools too, which run here and are not distributed. */
const ofTools = [...permissive, 'MPL-2.0', 'BlueOak-1.0.0', 'CC-BY-4.0', '(MIT OR GPL-3.0-or-later)', '(MIT AND Zlib)']

/** Some of their code ends up in the package. */
const compilers = ['binaryen', 'esbuild', 'terser']

const json = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'))

export const licenceBreaches = () => {
  const { packages } = json('package-lock.json')
  const { dependencies = {}, peerDependencies } = json('pkg/package.json')
  const passedOn = [...Object.keys({ ...dependencies, ...peerDependencies }), ...compilers]
  return Object.entries(packages).flatMap(([path, { license, link }]) => {
    if (link || !path.includes('node_modules/')) return []
    const allowed = passedOn.includes(path.replace(/^node_modules\//, '')) ? permissive : ofTools
    return allowed.includes(license) ? [] : [`${path} is under ${license}`]
  })
}
