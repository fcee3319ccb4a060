/** The tests that the documentation shows pass. */

import assert from 'node:assert/strict'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { installed } from '../../scripts/installed.mjs'
import { root, run } from '../../scripts/run.mjs'
import { blocks, pages } from './pages.mjs'

const INSTALL_MS = 600_000

test('Vitest, with a server, with MSW, with fake timers', { timeout: INSTALL_MS }, async () => {
  const directory = join(await installed('docs', 'docs'), 'testing')
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(join(directory, 'node_modules', 'eventsource-wasm'), { recursive: true })
  // As it is installed, not as a link: Vitest would take what a link leads to for sources of the project.
  for (const part of ['package.json', 'dist']) cpSync(join(root, 'pkg', part), join(directory, 'node_modules', 'eventsource-wasm', part), { recursive: true })
  const page = blocks(pages().find(({ name }) => name === 'docs/testing.md'))
  const files = page.filter(({ file }) => file?.endsWith('.test.ts'))
  assert.equal(files.length, 3)
  for (const { file, code } of files) writeFileSync(join(directory, file), code)
  const vitest = join(directory, '../node_modules/vitest/vitest.mjs')
  const { code, output } = await run(process.execPath, [vitest, 'run', '--root', directory], { quiet: true })
  assert.equal(code, 0, output)
})
