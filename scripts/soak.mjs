// The long form of tests/e2e/soak.test.mjs: about a quarter of an hour. SEED=… repeats a run.
import { bootstrap } from './bootstrap.mjs'
import { run } from './run.mjs'

await bootstrap('test')
const { code } = await run(process.execPath, ['scripts/build.mjs'])
if (code !== 0) process.exit(code)
const test = ['--test', '--test-reporter=spec', 'tests/e2e/soak.test.mjs']
process.exitCode = (await run(process.execPath, test, { env: { SOAK: 'long' } })).code
