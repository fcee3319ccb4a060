// Writes the part of `pkg/package.json` that follows from the table of entries, and a folder for each subpath, with a
// `package.json` of its own, for TypeScript's `node10`, webpack 4 and Parcel, which do not know `exports`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { files, packageFolder, subpaths } from './entries.mjs'
import { root } from './run.mjs'

const wasm = { types: './dist/wasm/module-file.d.ts', default: './dist/eventsource.wasm' }

/**
 * Tools that know ES modules get these, even by `require`: Node by `module-sync`, bundlers by `module`. So there is one
 * class, however it is imported. Only other tools, such as Jest, get the CommonJS file.
 */
const targets = ({ file, types, workerd }) => {
  const module = { types: `./dist/${types}.d.ts`, default: `./dist/${file}.js` }
  return {
    ...workerd && { workerd: { ...module, default: `./dist/${workerd}.js` } },
    'module-sync': module,
    module,
    require: { types: `./dist/${types}.d.cts`, default: `./dist/${file}.cjs` },
    default: module,
  }
}

const exported = {
  ...Object.fromEntries(subpaths.map((entry) => [entry.subpath === '' ? '.' : `./${entry.subpath}`, targets(entry)])),
  './eventsource.wasm': { require: { ...wasm, types: wasm.types.replace('.d.ts', '.d.cts') }, default: wasm },
  './package.json': './package.json',
}

const withSideEffects = files
  .filter(({ entry }) => entry.hasSideEffects)
  .flatMap(({ path, formats }) => formats.map((format) => `./dist/${path}.${format}`))

/** Folders that stand for subpaths. */
const folders = [
  ...subpaths.filter(({ subpath }) => subpath !== '').map(({ subpath, file, types }) => (
    { subpath, main: `dist/${file}.cjs`, types: `dist/${types}.d.cts` }
  )),
  { subpath: 'eventsource.wasm', main: wasm.default, types: wasm.types },
]

/** Short values without nesting take one line. */
const writeJson = (file, value) => {
  const text = JSON.stringify(value, null, 2).replaceAll(/([{[])\n([^{}[\]]*)\n\s*([}\]])/g, (whole, open, content, close) => {
    const line = content.trim().replaceAll(/\n\s*/g, ' ')
    const space = open === '{' ? ' ' : ''
    return line.length < 120 ? open + space + line + space + close : whole
  })
  writeFileSync(file, `${text}\n`)
}

export const writeManifests = () => {
  const manifest = JSON.parse(readFileSync(join(root, 'pkg', 'package.json'), 'utf8'))
  writeJson(join(packageFolder, 'package.json'), {
    ...manifest,
    exports: exported,
    main: './dist/index.cjs',
    types: './dist/index.d.cts',
    unpkg: './dist/classic.js',
    jsdelivr: './dist/classic.js',
    sideEffects: [...withSideEffects, './dist/classic.js'],
    files: ['dist', 'docs', ...new Set(folders.map(({ subpath }) => subpath.split('/', 1)[0])), 'LICENSE-*', 'THIRD-PARTY-NOTICES.md'],
  })
  for (const { subpath, main, types } of folders) {
    const up = '../'.repeat(subpath.split('/').length)
    const folder = join(packageFolder, subpath)
    mkdirSync(folder, { recursive: true })
    writeJson(join(folder, 'package.json'), { main: join(up, main), types: join(up, types) })
  }
}
