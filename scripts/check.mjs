// Runs all checks that are not tests: format, lints, types, the import rules and the package's shape.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { layers } from './layers.mjs'
import { licenceBreaches } from './licences.mjs'
import { root, run } from './run.mjs'

const wasm = ['--target', 'wasm32-unknown-unknown']
const clippy = (...args) => ['cargo', 'clippy', '--quiet', ...args, '--', '-D', 'warnings']

const commands = {
  'the package builds': [process.execPath, 'scripts/build.mjs'],
  'no entry point outgrows its limit': [process.execPath, 'scripts/size.mjs'],
  rustfmt: ['cargo', 'fmt', '--check'],
  'clippy, native': clippy('--all-targets'),
  'clippy, wasm for npm': clippy(...wasm, '--no-default-features', '--features', 'npm'),
  'clippy, wasm for Rust applications': clippy(...wasm, '--lib', '--test', 'web', '--features', 'serde'),
  oxlint: ['oxlint', '--deny-warnings'],
  publint: ['publint', 'run', 'pkg', '--strict'],
  'types, as every way to resolve modules finds them': ['attw', '--pack', 'pkg', '--no-emoji', '--format', 'ascii'],
}
for (const crate of ['examples/leptos', 'examples/yew', 'fuzz']) {
  commands[`rustfmt, ${crate}`] = ['cargo', 'fmt', '--check', '--manifest-path', `${crate}/Cargo.toml`]
}
const typeTests = readdirSync(join(root, 'tests', 'types')).map((name) => `tests/types/${name}`)
for (const project of ['www', 'www/demo', 'tests/types', ...typeTests]) {
  if (!existsSync(join(root, project, 'tsconfig.json'))) continue
  // TypeScript 7 dropped `node10` resolution.
  const tsc = project.endsWith('node10') ? `${project}/node_modules/.bin/tsc` : 'tsc'
  commands[`types, ${project}`] = [tsc, '--noEmit', '--project', project]
}

const sameVersions = () => {
  const crate = /^version = "(.+)"/m.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'))[1]
  const { version } = JSON.parse(readFileSync(join(root, 'pkg', 'package.json'), 'utf8'))
  return crate === version ? [] : [`Cargo.toml says ${crate}, pkg/package.json says ${version}`]
}

const checks = [
  ...Object.entries(commands).map(([name, [command, ...args]]) => ({
    name,
    find: async () => {
      const { code, output } = await run(command, args, { quiet: true })
      return code === 0 ? '' : output.trimEnd() || `${command} exited with ${code}`
    },
  })),
  ...[
    ...layers,
    { name: 'crate and package have one version', breaches: sameVersions },
    { name: 'npm packages have licences that we may use', breaches: licenceBreaches },
  ].map(({ name, breaches }) => ({
    name,
    find: () => breaches().join('\n'),
  })),
]

await bootstrap('build')
let failed = 0
for (const { name, find } of checks) {
  const found = await find()
  if (found) failed += 1
  console.log(found ? `FAIL  ${name}\n${found.replace(/^/gm, '      ')}` : `ok    ${name}`)
}
console.log(`${checks.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
