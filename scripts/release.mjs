// Does everything for a release except publishing: tests, builds from scratch, compares, checks licences, packs, and has both
// registries' clients do a dry run. Ends with the commands that are left to run.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { root, run } from './run.mjs'

const { version } = JSON.parse(readFileSync(join(root, 'pkg', 'package.json'), 'utf8'))
const folder = 'target/release-package'
const again = join(folder, 'built-again')
const tarball = join(folder, `eventsource-wasm-${version}.tgz`)

const fail = (sentence) => {
  console.error(sentence)
  process.exit(1)
}

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()

/** What stands in the way of publishing this commit. Without it, all of this is a rehearsal. */
const obstacles = () => {
  const found = []
  if (git('status', '--porcelain') !== '') found.push('There are changes that are not committed.')
  const heading = `## ${version} (<year>-<month>-<day>)`
  const headings = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').replaceAll(/\(\d{4}-\d\d-\d\d\)$/gm, '(<year>-<month>-<day>)')
  if (!headings.split('\n').includes(heading)) found.push(`CHANGELOG.md has no heading "${heading}".`)
  return found
}

const inTheWay = obstacles()
if (inTheWay.length > 0) console.log(`A rehearsal:\n${inTheWay.join('\n')}`)

const steps = {
  'all tests pass': [['npm', 'test']],
  'the crates have licences that we may use': [['cargo-deny', '--log-level', 'error', 'check', 'licenses', 'bans', 'sources']],
  'a second build, of the Rust too, gives the same bytes': [
    ['cargo', 'clean', '--quiet', '--package', 'eventsource-wasm', '--release', '--target', 'wasm32-unknown-unknown', '--target', 'wasm32v1-none'],
    ['rm', '-r', 'target/wasm-pack', 'target/fallback'],
    [process.execPath, 'scripts/build.mjs', { PACKAGE_FOLDER: again }],
    ['diff', '--recursive', 'pkg', again],
  ],
  'npm packs and would publish it': [
    ['npm', 'pack', './pkg', '--silent', '--pack-destination', folder],
    ['npm', 'publish', tarball, '--dry-run'],
  ],
  'cargo packs, compiles and would publish it': [['cargo', 'publish', '--dry-run', '--locked', '--allow-dirty']],
}

await bootstrap('release')
rmSync(join(root, folder), { recursive: true, force: true })
mkdirSync(join(root, folder), { recursive: true })
for (const [name, commands] of Object.entries(steps)) {
  console.log(`\n--- ${name}`)
  for (const [command, ...rest] of commands) {
    const args = rest.filter((value) => typeof value === 'string')
    const env = rest.find((value) => typeof value === 'object')
    const { code } = await run(command, args, { env })
    if (code !== 0) fail(`"${command} ${args.join(' ')}" failed: not released.`)
  }
}
if (!existsSync(join(root, tarball))) fail(`npm made no ${tarball}.`)
if (inTheWay.length > 0) {
  console.log(`\nRehearsed. Before it can be published:\n${inTheWay.join('\n')}`)
  process.exit(0)
}
// A registry trusts provenance only from a runner that can prove who it is.
const proves = process.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined || process.env.SIGSTORE_ID_TOKEN !== undefined
console.log(`
Ready. To publish ${version}:

    npm publish ${tarball}${proves ? ' --provenance' : ''}
    cargo publish --locked
    git tag v${version}`)
