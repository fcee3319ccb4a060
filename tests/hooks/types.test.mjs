/** A wrong option gives one type error that names it, whatever the other options are. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const directory = `${root}/target/hooks-types`

const hooks = {
  react: 'useEventSource', vue: 'useEventSource', svelte: 'useEventSource', solid: 'useEventSource', angular: 'injectEventSource',
}
const streams = { react: 'useEventStream', vue: 'useEventStream', svelte: 'useEventStream', solid: 'useEventStream', angular: 'injectEventStream' }

const wrong = [
  ['{ histroy: 3 }', /'histroy' does not exist in type/],
  ['{ parse: JSON, histroy: 3 }', /'histroy' does not exist in type/],
  ['{ types: { tick: JSON }, histroy: 3 }', /'histroy' does not exist in type/],
  ["{ types: ['tick'], parse: Number, keepAliveMs: true }", /is not assignable to type .*number/],
  ['{ reducer: (text, event) => text + event.data }', /initialState|'{ reducer: /],
]

test('one error names the option that is wrong', async () => {
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  const compilerOptions = { target: 'es2022', lib: ['es2022', 'dom'], types: [], module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, noEmit: true }
  await writeFile(`${directory}/tsconfig.json`, JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  const calls = [hooks, streams].flatMap((names) => Object.entries(names)).flatMap(([name, hook]) => wrong.map(([options]) => ({ name, hook, options })))
  const file = calls.map(({ name, hook, options }, index) => `import { ${hook} as hook${index} } from 'eventsource-wasm/${name}'; hook${index}('/x', ${options})`)
  await writeFile(`${directory}/wrong.ts`, file.join('\n'))
  const output = await new Promise((resolve) => {
    execFile(`${root}/node_modules/.bin/tsc`, ['--project', directory, '--pretty', 'false'], (_error, stdout) => resolve(stdout))
  })
  const errors = output.split(/^(?=\S)/m)
  calls.forEach(({ name, hook, options }, index) => {
    const told = errors.filter((error) => error.includes(`wrong.ts(${index + 1},`))
    const [, expected] = wrong[index % wrong.length]
    assert.equal(told.length, 1, `${name}, ${hook}, ${options}:\n${told.join('')}`)
    assert.match(told[0], expected, `${name}, ${hook}, ${options}`)
  })
})
