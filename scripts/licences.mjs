// Which licences what npm installs here may have. Those of the crates stand in `deny.toml`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.mjs'

/** They ask for no more than to be named, so what ends up in the package or beside it may have them. */
const permissive = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'MIT OR Apache-2.0']

/** Also of tools, which run here and are passed on to nobody. */
const ofTools = [...permissive, 'MPL-2.0', 'BlueOak-1.0.0', 'CC-BY-4.0', '(MIT OR GPL-3.0-or-later)', '(MIT AND Zlib)']

/** Some of their code gets into the files of the package. */
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
