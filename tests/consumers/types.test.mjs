/** TypeScript, by its versions and ways of finding modules; in all of them the declarations of the package are checked, too. */

import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { consumer } from './matrix.mjs'

/** The same program as a module of either format. */
const copies = ['module.mts', 'commonjs.cts']

const modes = {
  bundler: 'moduleResolution bundler',
  nodenext: 'module nodenext, in ES modules and CommonJS',
  node16: 'module node16, in ES modules and CommonJS',
  commonjs: 'module commonjs, moduleResolution node10',
}

for (const [version, core] of Object.entries({ 5.7: true, 5.9: false, 6: false, 7: true })) {
  consumer('TypeScript', { folder: 'types', tool: `typescript-${version}`, core }, (test) => {
    for (const [mode, name] of Object.entries(modes)) {
      // TypeScript 7 has no node10 any more.
      if (version === '7' && mode === 'commonjs') continue
      const silence = version === '6' && mode === 'commonjs' ? ['--ignoreDeprecations', '6.0'] : []
      test(name, async (of) => {
        for (const copy of copies) await cp(join(of.directory, 'app.ts'), join(of.directory, copy))
        await of.run('node', [`node_modules/typescript-${version}/bin/tsc`, '--project', `tsconfig.${mode}.json`, ...silence])
      })
    }
  })
}
