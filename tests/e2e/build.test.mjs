/** The published build is reproducible. */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const again = 'target/built-again'

after(() => rm(join(root, again), { recursive: true, force: true }))

test('two builds, in two folders, give the same bytes', async () => {
  const env = { ...process.env, PACKAGE_FOLDER: again }
  await promisify(execFile)(process.execPath, ['scripts/build.mjs'], { cwd: root, env })
  const [first, second] = await Promise.all(['pkg', again].map((folder) => digests(join(root, folder))))
  const paths = Object.keys({ ...first, ...second })
  assert.ok(paths.length > 0)
  assert.deepEqual(paths.filter((path) => first[path] !== second[path]), [])
})

async function digests(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(await Promise.all(paths.map(async (path) => (
    [path.slice(folder.length), createHash('sha256').update(await readFile(path)).digest('hex')]
  ))))
}
