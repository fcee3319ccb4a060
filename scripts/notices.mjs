// Writes the notices required by the licences of third-party code in the package.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './run.mjs'

const read = (...path) => readFileSync(join(...path), 'utf8').trim()

/** The crates that the npm module is linked with: those that it depends on when it runs, not macros and what these need. */
const linkedCrates = () => {
  const target = ['--filter-platform', 'wasm32-unknown-unknown', '--no-default-features', '--features', 'npm']
  const metadata = execFileSync('cargo', ['metadata', '--format-version', '1', '--locked', ...target], { cwd: root, maxBuffer: 2 ** 26 })
  const { packages, resolve } = JSON.parse(metadata)
  const crates = new Map(packages.map((crate) => [crate.id, crate]))
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]))
  const linked = new Set([resolve.root])
  for (const id of linked) {
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      const isMacro = crates.get(pkg).targets.some(({ kind }) => kind.includes('proc-macro'))
      if (!isMacro && kinds.some(({ kind }) => kind === null)) linked.add(pkg)
    }
  }
  linked.delete(resolve.root)
  return [...linked].map((id) => crates.get(id)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The MIT text where there is a choice, and every text that is mandatory. */
const licenceOf = ({ name, manifest_path: manifest, license }) => {
  const folder = dirname(manifest)
  const texts = readdirSync(folder).filter((file) => /^LICENSE-(?!APACHE)/.test(file)).sort()
  if (!texts.includes('LICENSE-MIT')) throw new Error(`${name} is not under the MIT licence, but under ${license}`)
  return texts.map((file) => read(folder, file)).join('\n\n')
}

const section = (title, where, text) => `## ${title}\n\n${where}\n\n${text.replaceAll(/^/gm, '    ').replaceAll(/ +$/gm, '')}\n`

export const writeNotices = (file) => {
  const inModule = 'In the WebAssembly module, and so in `dist/eventsource.wasm`, `dist/index.*`, `dist/classic.js` and `dist/fallback.*`.'
  const [, rust] = /channel = "(.+)"/.exec(read(root, 'rust-toolchain.toml'))
  const [, permission] = /^[\s\S]*?Copyright .*\n([\s\S]*)$/.exec(read(root, 'LICENSE-MIT'))
  const binaryen = JSON.parse(read(root, 'node_modules/binaryen/package.json'))
  const esbuild = JSON.parse(read(root, 'node_modules/esbuild/package.json'))
  writeFileSync(file, [
    '# Third-party notices\n\nWhat other people wrote of the files in this package.\n',
    ...linkedCrates().map((crate) => section(`${crate.name} ${crate.version}`, inModule, licenceOf(crate))),
    section(
      `Rust ${rust}: core, alloc, compiler_builtins`,
      inModule,
      `MIT License\n\nCopyright (c) The Rust Project Contributors\n${permission.trim().replace(/^/, '\n')}`,
    ),
    section(`esbuild ${esbuild.version}`, 'A few functions in `dist/*.cjs` and `dist/classic.js`.', read(root, 'node_modules/esbuild/LICENSE.md')),
    section(
      `Binaryen ${binaryen.version}`,
      'A few functions in `dist/fallback.*`.',
      'Copyright 2015 WebAssembly Community Group participants\nUnder the Apache License, Version 2.0: see LICENSE-APACHE.',
    ),
  ].join('\n'))
}
