// Runs the long form of a test of tests/e2e that has one: `soak` takes half an hour, `herd` two minutes.
import { bootstrap } from './bootstrap.mjs'
import { run } from './run.mjs'

await bootstrap('test')
const { code } = await run(process.execPath, ['scripts/build.mjs'])
if (code !== 0) process.exit(code)
const test = ['--test', '--test-reporter=spec', `tests/e2e/${process.argv[2]}.test.mjs`]
process.exitCode = (await run(process.execPath, test, { env: { LONG: '1' } })).code
