// Tries the package in all consumers, prints the table of what works, and with `--write` puts it into the documentation.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { root, run } from './run.mjs'

const file = join(root, 'target', 'consumers', 'table.md')
const page = join(root, 'docs', 'compatibility.md')
const files = ['bundlers', 'frameworks', 'browsers', 'runtimes', 'runners', 'types', 'replacement'].map((name) => `tests/consumers/${name}.test.mjs`)
const reporters = [
  '--test-reporter=spec', '--test-reporter-destination=stdout', '--test-reporter=./tests/consumers/table-reporter.mjs', `--test-reporter-destination=${file}`,
]

await bootstrap('test')
const { code } = await run(process.execPath, ['scripts/build.mjs'])
if (code !== 0) process.exit(code)
mkdirSync(join(root, 'target', 'consumers'), { recursive: true })
process.exitCode = (await run(process.execPath, ['--test', '--test-concurrency=1', ...reporters, ...files], { env: { CONSUMERS: 'all' } })).code
const table = readFileSync(file, 'utf8')
console.log(`\n${table}`)
if (process.argv.includes('--write')) {
  writeFileSync(page, readFileSync(page, 'utf8').replace(/(?<=<!-- table -->\n)[^]*(?=<!-- end of table -->)/, () => table))
}
