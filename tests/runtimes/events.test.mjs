/** Events in every runtime: each member works, and `console.log` shows their content. */

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join, sep } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { importMap, packedPackage } from '../e2e/packed.mjs'
import { installedRuntimes } from './install.mjs'

const script = fileURLToPath(new URL('ask.mjs', import.meta.url))

/** `differing`: where the platform's own event says less. */
const runtimes = {
  node: {},
  deno: {
    command: ['deno', 'run', '-A'],
    differing: ['srcElement in a listener: the target, not null', 'srcElement afterwards: the target, not null'],
  },
  bun: { command: ['bun', 'run'] },
  jsdom: {},
  'happy-dom': {},
}

describe('runtimes', () => {
  let packed, directory, entry

  before(async () => {
    packed = await packedPackage()
    directory = await installedRuntimes()
    entry = pathToFileURL(importMap(packed.manifest, packed.directory + sep)['eventsource-wasm']).href
  })

  after(() => packed?.remove())

  const ask = (runtime) => {
    const [name, ...options] = runtimes[runtime].command ?? []
    const program = name === undefined ? process.execPath : join(directory, 'node_modules', '.bin', name)
    return promisify(execFile)(program, [...options, script, runtime, entry, directory], { env: { ...process.env, NO_COLOR: '1' } })
  }

  for (const [runtime, { differing = [] }] of Object.entries(runtimes)) {
    test(`${runtime}: a message behaves like the platform's own, and console.log shows messages and errors`, async () => {
      const { stdout, stderr } = await ask(runtime)
      assert.deepEqual(JSON.parse(stderr), { differences: differing })
      assert.match(stdout, /^MessageEvent \{\n\s+type: ['"]message['"],\s+data: ['"]x['"],\s+lastEventId: ['"]7['"]/)
      for (const shown of [/EventSourceErrorEvent \{/, /kind: ['"]network['"]/, /message: ['"]/, /willReconnect: false/, /cause: .*refused/s, /nobody listens/]) {
        assert.match(stdout, shown)
      }
    })
  }
})
