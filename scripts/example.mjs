// Builds the package, installs one of the examples beside it, and starts that: `npm run example react`.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { root, run } from './run.mjs'

const folder = join(root, 'examples')
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'package.json')))
const [name] = process.argv.slice(2)
if (!names.includes(name)) {
  console.error(`The examples are: ${names.join(', ')}.`)
  process.exit(2)
}
const example = join(folder, name)

const must = async (command, args, options) => {
  const { code } = await run(command, args, options)
  if (code !== 0) process.exit(code)
}

/** Installs what the example names, and the built package as npm would have it. */
const install = async () => {
  const packed = join(root, 'target', 'packed')
  rmSync(packed, { recursive: true, force: true })
  mkdirSync(packed, { recursive: true })
  await must('npm', ['pack', join(root, 'pkg'), '--pack-destination', packed, '--silent'])
  const [tarball] = readdirSync(packed)
  await must('npm', ['install', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', join(packed, tarball)], { cwd: example })
}

await bootstrap('build')
if (existsSync(join(example, 'Cargo.toml'))) {
  // Shared, since the examples compile mostly the same crates.
  process.env.CARGO_TARGET_DIR ??= join(root, 'target', 'examples')
} else {
  await must(process.execPath, ['scripts/build.mjs'])
  await install()
}
await must('npm', ['start'], { cwd: example })
