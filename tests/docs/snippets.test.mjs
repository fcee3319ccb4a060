/** The examples in the pages compile, each fenced block as its own module. */

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { root } from '../../scripts/run.mjs'
import { complaints, isCompiled } from './compile.mjs'
import { blocks, pages } from './pages.mjs'
import { rustComplaints } from './rust.mjs'

/** With the installation of what blocks import, or the compilation of crates, on a slow machine. */
const INSTALL_MS = 600_000

/** Not for a compiler, or run by another test. */
const OTHERS = ['sh', 'json', 'http', 'text', 'diff', 'css', 'python', 'java', 'go', 'nginx', 'toml', 'svelte', 'jsonc', 'mermaid']

const all = pages().map((page) => ({ ...page, blocks: blocks(page) }))
const named = (wanted) => all.flatMap(({ name, blocks }) => blocks.filter(wanted).map((block) => ({ page: name, block })))

test('every fence names a known language', () => {
  const unknown = named((block) => !isCompiled(block) && block.language !== 'rust' && !OTHERS.includes(block.language))
  assert.deepEqual(unknown.map(({ page, block }) => `${page}:${block.line}: ${block.language}`), [])
})

describe('TypeScript, JavaScript, Vue and HTML', () => {
  let found
  before(async () => { found = await complaints(named(isCompiled)) }, { timeout: INSTALL_MS })

  for (const { name, blocks } of all.filter(({ blocks }) => blocks.some(isCompiled))) {
    test(`${name}: ${blocks.filter(isCompiled).length} blocks`, () => assert.deepEqual(found.get(name) ?? [], []))
  }
  test('the compiler reports nothing else', () => assert.deepEqual(found.get('') ?? [], []))
})

describe('Rust', () => {
  const isRust = ({ language, code }) => language === 'rust' && !code.includes('axum')
  let found
  before(async () => { found = await rustComplaints(named(isRust)) }, { timeout: INSTALL_MS })

  for (const { name } of all.filter(({ blocks }) => blocks.some(isRust))) {
    test(name, () => assert.deepEqual(found.filter((complaint) => complaint.includes(name)), []))
  }
})

describe('import maps', () => {
  for (const { page, block } of named(({ language, code }) => language === 'html' && code.includes('importmap'))) {
    test(`${page}:${block.line} names files of the package`, () => {
      const [, json] = /<script type="importmap">([^]*?)<\/script>/.exec(block.code)
      for (const path of Object.values(JSON.parse(json).imports)) {
        const [, file] = /eventsource-wasm(?:@[^/]+)?\/(.+)$/.exec(path) ?? []
        assert.ok(file && (file.endsWith('/') || existsSync(join(root, 'pkg', file))), `${path} is no file of the package`)
      }
    })
  }
})
