/** Servers and other runtimes. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { installedRuntimes } from '../runtimes/install.mjs'
import { nodeFolder } from './consumer.mjs'
import { consumer } from './matrix.mjs'
import { hearsAll } from './stream-server.mjs'

const nodes = {
  [`Node ${process.versions.node}`]: () => process.execPath,
  'Node 22': async () => join(await nodeFolder('node-22'), 'node'),
  'Node 24': async () => join(await nodeFolder('node-24'), 'node'),
}

for (const [title, program] of Object.entries(nodes)) {
  consumer(title, { folder: 'node', core: true }, (test) => {
    for (const [name, file] of Object.entries({ import: 'import.js', require: 'require.cjs', '/slim': 'slim.js', '/polyfill': 'polyfill.js' })) {
      test(name, async (node) => hearsAll(async (server) => node.run(await program(), [file, server])))
    }
    test('one class by `import` and `require`', async (node) => {
      assert.equal((await node.run(await program(), ['one-class.cjs'])).trim(), 'true true')
    })
  })
}

const runtime = async (name) => join(await installedRuntimes(), 'node_modules', '.bin', name)

consumer('Deno', { folder: 'node', core: true }, (test) => {
  for (const file of ['import.js', 'slim.js']) {
    test(file === 'slim.js' ? '/slim' : 'import', (deno) => hearsAll(async (server) => (
      deno.run(await runtime('deno'), ['run', '--allow-all', '--quiet', file, server])
    )))
  }
})

consumer('Bun', { folder: 'node', core: true }, (test) => {
  for (const [name, file] of Object.entries({ import: 'import.js', require: 'require.cjs', '/slim': 'slim.js' })) {
    test(name, (bun) => hearsAll(async (server) => bun.run(await runtime('bun'), [file, server])))
  }
})

consumer('workerd by wrangler', { folder: 'workerd', tool: 'wrangler', core: true }, (test) => {
  test('class, /slim', async (workerd) => {
    const { origin, stop } = await workerd.serve('wrangler', (port) => ['dev', '--port', port])
    try {
      for (const path of ['/class', '/slim']) {
        await hearsAll(async (server) => (await fetch(`${origin}${path}?server=${server}`)).text())
      }
    } finally {
      await stop()
    }
  })
})
