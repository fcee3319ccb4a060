// Runs a test that takes long, or the long form of one: `soak` takes half an hour, `herd` and `sleep` two minutes.
import { bootstrap } from './bootstrap.mjs'
import { run } from './run.mjs'

await bootstrap('test')
const { code } = await run(process.execPath, ['scripts/build.mjs'])
if (code !== 0) process.exit(code)
const test = ['--test', '--test-reporter=spec', `tests/${process.argv[2]}.test.mjs`]
process.exitCode = (await run(process.execPath, test, { env: { LONG: '1' } })).code
