/** The same source in every kind of realm that has scripts, beside the native class where there is one. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { build } from 'esbuild'
import { hold, stream } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

/** `base`: against what a relative URL is resolved; no URL can be relative to that of a blob. */
const realms = [
  { name: 'an iframe', base: '/frame/' },
  { name: 'an about:blank iframe', base: '/' },
  { name: 'a srcdoc iframe', base: '/' },
  { name: 'a dedicated worker, module', base: '/' },
  { name: 'a dedicated worker, classic', base: '/' },
  { name: 'a blob worker, module', base: undefined },
  { name: 'a blob worker, classic', base: undefined },
  { name: 'a shared worker, module', base: '/' },
  { name: 'a shared worker, classic', base: '/' },
  { name: 'a service worker, module', base: '/' },
  { name: 'a service worker, classic', base: '/' },
]

onEveryEngine('realms', (stage) => {
  before(async () => {
    const { server, packed } = stage
    const script = { 'content-type': 'text/javascript' }
    server.page('/realm-module.js', moduleCode('/package/dist/index.js', '/e2e/realm.mjs'), script)
    server.page('/realm-classic.js', await classic(join(packed.directory, 'dist/index.js')), script)
    server.page('/frame/page', `<!doctype html><script type="module">
      ${moduleCode('/package/dist/index.js', '/e2e/realm.mjs')}
      parent.postMessage('ready')
    </script>`)
  })

  for (const { name, base } of realms) {
    test(`${name}: opens, receives, resumes and is ended by the server`, async () => {
      await make(stage, name)
      for (const side of ['native', 'ours']) {
        const endpoint = stage.server.endpoint([
          stream('retry: 1\nid: 1\nevent: tick\ndata: a\n\n'),
          stream('event: tick\ndata: b\n\n'),
        ])
        const trace = await ask(stage, name, { side, url: endpoint.url })
        if (side === 'native' && trace === 'no such class') continue
        const { origin } = stage.server
        assert.deepEqual(trace, [
          endpoint.url, 'readyState 0',
          'open 1', `a #1 ${origin} true`, 'error 0',
          'open 1', `b #1 ${origin} true`, 'error 0',
          'error 2',
        ], side)
        assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '1', '1'], side)
      }
    })

    test(`${name}: a relative URL is resolved against ${base ?? 'nothing'}`, async () => {
      for (const side of ['native', 'ours']) {
        const trace = await ask(stage, name, { side, url: 'x', until: 'error 2' })
        if (side === 'native' && trace === 'no such class') continue
        // Firefox resolves against the URL of the page that made the blob; HTML has the worker's own URL as base.
        if (side === 'native' && base === undefined && stage.engineName === 'firefox') {
          assert.equal(trace[0], `${stage.server.origin}/x`)
          continue
        }
        const expected = base === undefined ? 'SyntaxError' : `${stage.server.origin}${base}x`
        assert.equal(trace[0], expected, side)
      }
    })

    if (name.startsWith('a service')) continue // It ends when the browser likes.
    test(`${name}: its end is the end of the connection`, async () => {
      for (const side of ['native', 'ours']) {
        await make(stage, name)
        const endpoint = stage.server.endpoint([hold('event: tick\ndata: a\n\n')])
        await ask(stage, name, { side, url: endpoint.url, until: 'open 1' })
        await end(stage, name)
        await (await endpoint.exchange(0)).closed
        assert.equal(endpoint.requests.length, 1, side)
      }
    })
  }
})

function make(stage, name) {
  return stage.evaluate(async (name) => (await import('/e2e/realms.mjs')).make(name), name)
}

function ask(stage, name, question) {
  return stage.evaluate(async (name, question) => (await import('/e2e/realms.mjs')).ask(name, question), name, question)
}

function end(stage, name) {
  return stage.evaluate(async (name) => { (await import('/e2e/realms.mjs')).end(name) }, name)
}

function moduleCode(library, realm) {
  return `
    import { EventSource as ours } from '${library}'
    import { answer } from '${realm}'
    answer({ native: globalThis.EventSource, ours })
  `
}

/** What a bundler makes of the package for those who cannot import: one script. */
async function classic(library) {
  const contents = moduleCode(library, new URL('realm.mjs', import.meta.url).pathname)
  const { outputFiles: [{ text }] } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true, format: 'iife', write: false,
  })
  return text
}
