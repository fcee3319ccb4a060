/** The pages leave out no option and no kind of error, and the README stays short. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { EventSource } from 'eventsource-wasm'
import { root } from '../../scripts/run.mjs'

const read = (file) => readFileSync(join(root, file), 'utf8')

/** What the class names when it refuses an option that does not exist. */
function optionsOf(wrong) {
  try {
    new EventSource('http://localhost/', wrong)
  } catch ({ message }) {
    return /only (.+)$/.exec(message)[1].split(', ')
  }
  return assert.fail('it takes an option that does not exist')
}

for (const group of [undefined, 'reconnect', 'timeouts', 'limits', 'interpret']) {
  test(`options, ${group ?? 'all'}`, () => {
    const page = read('docs/options.md')
    const names = optionsOf(group === undefined ? { none: 0 } : { [group]: { none: 0 } })
    const isNamed = (name) => page.includes(`\`${group === undefined ? '' : `${group}.`}${name}`)
    assert.deepEqual(names.filter((name) => !isNamed(name)), [])
  })
}

test('kinds of errors', () => {
  const [, type] = /export type ErrorKind =\n([^]*?)\n\n/.exec(read('www/src/types.ts'))
  const kinds = Array.from(type.matchAll(/\| '(\w+)'/g), ([, kind]) => kind)
  assert.ok(kinds.length > 10)
  const page = read('docs/errors.md')
  assert.deepEqual(kinds.filter((kind) => !page.includes(`\n| \`${kind}\` |`)), [])
})

test('the README has at most 900 words', () => assert.ok(read('README.md').trim().split(/\s+/).length <= 900))
