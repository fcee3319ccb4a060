// Runs tests that take long, or the long form of some: `soak` takes half an hour, the others some minutes.
import { bootstrap } from './bootstrap.mjs'
import { run } from './run.mjs'

await bootstrap('test')
const { code } = await run(process.execPath, ['scripts/build.mjs'])
if (code !== 0) process.exit(code)
const files = process.argv.slice(2).map((name) => `tests/${name}.test.mjs`)
const test = ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files]
process.exitCode = (await run(process.execPath, test, { env: { LONG: '1' } })).code
