// Runs the suites, all or those named on the command line, and ends with the line `N passed, N failed`.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { root, run } from './run.mjs'

const tests = join(root, 'tests')
mkdirSync(join(root, 'target'), { recursive: true })

const sum = (text, pattern) => {
  let total = 0
  for (const [, count] of text.matchAll(pattern)) total += Number(count)
  return total
}
/** Of `cargo test`, once for every file, and of our own scripts. */
const printedCounts = (output) => ({
  passed: sum(output, /^(?:test result: .* )?(\d+) passed[;,] \d+ failed/gm),
  failed: sum(output, /^(?:test result: .* )?\d+ passed[;,] (\d+) failed/gm),
})

/** Tests that every engine must pass. The other end-to-end tests are about us and our servers. */
const engineTests = [
  'conformance', 'dispatch', 'faults', 'interface', 'lifecycle', 'listener-limits', 'listener-scripts', 'listeners', 'liveness', 'processing-model',
  'realms', 'smoothness',
]

/** The suite of a folder's `.test.mjs` files, or of those `only`: Node runs them, and they drive browsers. */
const browserSuite = (name, { folder = name, engine = 'chromium', only, env = {}, timeoutMs = 120_000 } = {}) => {
  const tap = join(root, 'target', `${name}.tap`)
  // Emptied first, so that a run that never writes it does not count the tests of an earlier one.
  writeFileSync(tap, '')
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout', '--test-reporter=tap', `--test-reporter-destination=${tap}`]
  const files = only?.map((test) => `${test}.test.mjs`) ?? readdirSync(join(tests, folder)).filter((file) => file.endsWith('.test.mjs'))
  return {
    name,
    needs: 'test',
    // One file at a time: browsers that share few cores starve each other.
    command: [process.execPath, '--test', '--test-concurrency=1', `--test-timeout=${timeoutMs}`, ...reporters, ...files.map((file) => join('tests', folder, file))],
    env: { ENGINES: engine, ...env },
    counts: () => {
      const report = readFileSync(tap, 'utf8')
      return {
        passed: sum(report, /^# pass (\d+)$/gm),
        failed: sum(report, /^# (?:fail|cancelled) (\d+)$/gm),
        failures: Array.from(report.matchAll(/^ *not ok \d+ - (.+)$/gm), ([, name]) => name),
      }
    },
  }
}

/** `needs` is what has to be installed. Suites that need more than Rust also need the built package. */
const suites = [
  { name: 'check', needs: 'build', command: [process.execPath, 'scripts/check.mjs'], counts: printedCounts },
  { name: 'native', needs: 'rust', command: ['cargo', 'test', '--no-fail-fast'], counts: printedCounts },
  { name: 'wasm', needs: 'test', command: [process.execPath, 'scripts/wasm-tests.mjs'], counts: printedCounts },
  browserSuite('e2e'),
  browserSuite('firefox', { folder: 'e2e', engine: 'firefox', only: [...engineTests, 'decide', 'reconnect', 'resume'] }),
  browserSuite('webkit', { folder: 'e2e', engine: 'webkit', only: engineTests }),
  browserSuite('fallback', {
    folder: 'e2e', engine: 'chromium,firefox,webkit', only: ['conformance', 'processing-model'], env: { CORE: 'fallback' },
  }),
  browserSuite('hooks', { engine: 'chromium,firefox,webkit' }),
  browserSuite('runtimes'),
  browserSuite('fetch', { engine: 'chromium,firefox,webkit' }),
  browserSuite('graphql', { timeoutMs: 300_000 }),
  browserSuite('share', { engine: 'chromium,firefox' }),
  // Frameworks in Rust are compiled from scratch.
  browserSuite('examples', { timeoutMs: 600_000 }),
  browserSuite('docs', { timeoutMs: 600_000 }),
  browserSuite('plugins', { timeoutMs: 300_000 }),
  // Of whole files: some install and build for minutes.
  browserSuite('consumers', { timeoutMs: 900_000 }),
]

const names = process.argv.slice(2)
const wanted = names.length === 0 ? suites : suites.filter(({ name }) => names.includes(name))
if (wanted.length < names.length) {
  console.error(`The suites are: ${suites.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}

// A suite counts as failed until it has run, so the totals show if this script ends early.
const results = new Map(wanted.map(({ name }) => [name, { passed: 0, failed: 1, time: 'unfinished' }]))

process.on('exit', () => {
  const row = (name, ...cells) => console.log(name.padEnd(8) + cells.map((cell) => `${cell}`.padStart(12)).join(''))
  const total = { passed: 0, failed: 0 }
  console.log()
  row('suite', 'passed', 'failed', 'time')
  for (const [name, { passed, failed, time }] of results) {
    row(name, passed, failed, time)
    total.passed += passed
    total.failed += failed
  }
  // Repeated here because the place where a test failed may be thousands of lines up.
  for (const [suite, { failures = [] }] of results) for (const name of failures) console.log(`failed in ${suite}: ${name}`)
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed > 0 ? 1 : 0
})

for (const purpose of new Set(wanted.map(({ needs }) => needs))) await bootstrap(purpose)
const needsPackage = ({ needs }) => needs !== 'rust'
const built = !wanted.some(needsPackage) || (await run(process.execPath, ['scripts/build.mjs'])).code === 0

for (const suite of wanted) {
  if (needsPackage(suite) && !built) continue
  const { name, command, env, counts } = suite
  const start = performance.now()
  console.log(`\n--- ${name}`)
  const { code, output } = await run(command[0], command.slice(1), { env })
  const { passed, failed, failures } = counts(output)
  const broken = code !== 0 || passed + failed === 0
  const time = `${((performance.now() - start) / 1000).toFixed(1)} s`
  results.set(name, { passed, failed: broken ? Math.max(failed, 1) : failed, failures, time })
}
