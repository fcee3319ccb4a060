/** Application functions that throw on a server: the error is reported, and the process and the stream continue. */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join, sep } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { importMap, packedPackage } from '../e2e/packed.mjs'
import { installedRuntimes } from './install.mjs'

const script = fileURLToPath(new URL('throw.mjs', import.meta.url))
const commands = { node: [process.execPath], deno: ['deno', 'run', '-A'], bun: ['bun', 'run'] }
const functions = ['onComment', 'async onComment', 'complete', 'decide', 'store.get', 'store.set', 'async store.set', 'decoded']

describe('application faults', () => {
  let packed, bin, entries

  before(async () => {
    packed = await packedPackage()
    bin = join(await installedRuntimes(), 'node_modules', '.bin')
    entries = importMap(packed.manifest, pathToFileURL(packed.directory + sep).href)
  })

  after(() => packed?.remove())

  const play = (runtime, name) => {
    const [program, ...options] = commands[runtime]
    const file = program.includes(sep) ? program : join(bin, program)
    const args = [...options, script, name, entries['eventsource-wasm'], entries['eventsource-wasm/decode']]
    return new Promise((resolve) => {
      execFile(file, args, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }))
    })
  }

  for (const runtime of Object.keys(commands)) {
    for (const name of functions) {
      test(`${runtime}: an exception of ${name} is reported, and the stream continues`, async () => {
        const { code, stdout, stderr } = await play(runtime, name)
        assert.deepEqual([code, stdout.trim().split('\n').at(-1)], [0, 'a b'], stderr)
        assert.match(stderr, /disk full/)
      })
    }

    test(`${runtime}: an exception of a listener ends the process, as on the platform`, async () => {
      const { code, stderr } = await play(runtime, 'listener')
      assert.notEqual(code, 0)
      assert.match(stderr, /disk full/)
    })
  }
})
