/** A reporter of Node's test runner: one row of a Markdown table for each consumer. */

const firstLine = (text) => `${text}`.split('\n').find((line) => line.trim() !== '')?.replaceAll('|', '\\|')

const row = (name, tests) => {
  const skipped = tests.find(({ skip }) => skip !== undefined)
  if (skipped) return `| ${name} | | ${firstLine(skipped.skip)} |\n`
  const works = tests.filter(({ error }) => error === undefined).map((test) => test.name)
  const fails = tests.filter(({ error }) => error !== undefined).map((test) => `${test.name}: ${firstLine(test.error)}`)
  return `| ${name} | ${works.join('; ')} | ${fails.join('; ')} |\n`
}

export default async function* table(events) {
  let tests = []
  yield '| consumer | works | does not |\n|---|---|---|\n'
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const { name, nesting, skip, details } = data
    if (nesting === 1) {
      const { error } = details
      tests.push({ name, skip, error: error && (error.cause?.message ?? error.message) })
    } else if (tests.length > 0) {
      yield row(name, tests)
      tests = []
    }
  }
}
