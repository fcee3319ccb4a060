/** Servers and other runtimes. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installedRuntimes } from '../runtimes/install.mjs'
import { nodeFolder } from './consumer.mjs'
import { consumer } from './matrix.mjs'
import { hearsAll } from './stream-server.mjs'

const dependencies = (folder) => JSON.parse(readFileSync(new URL(`${folder}/package.json`, import.meta.url), 'utf8')).dependencies
const { deno, bun } = dependencies('../runtimes')

const nodes = {
  [`Node ${process.versions.node}`]: () => process.execPath,
  [`Node ${dependencies('node-22').node}`]: async () => join(await nodeFolder('node-22'), 'node'),
  [`Node ${dependencies('node-24').node}`]: async () => join(await nodeFolder('node-24'), 'node'),
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

consumer(`Deno ${deno}`, { folder: 'node', core: true }, (test) => {
  for (const file of ['import.js', 'slim.js']) {
    test(file === 'slim.js' ? '/slim' : 'import', (of) => hearsAll(async (server) => (
      of.run(await runtime('deno'), ['run', '--allow-all', '--quiet', file, server])
    )))
  }
})

consumer(`Bun ${bun}`, { folder: 'node', core: true }, (test) => {
  for (const [name, file] of Object.entries({ import: 'import.js', require: 'require.cjs', '/slim': 'slim.js' })) {
    test(name, (of) => hearsAll(async (server) => of.run(await runtime('bun'), [file, server])))
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
