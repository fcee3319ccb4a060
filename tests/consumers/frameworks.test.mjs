/** Frameworks that render on servers, too. */

import assert from 'node:assert/strict'
import { consumer, visitPage } from './matrix.mjs'
import { hearsAll } from './stream-server.mjs'

/** Starts a server of a framework, and visits its pages. `work` gets its origin besides. */
async function served(of, command, argumentsFor, options, pages, work = () => {}) {
  const server = await of.serve(command, argumentsFor, options)
  try {
    for (const page of pages) await visitPage(server.origin + page)
    await work(server.origin)
  } finally {
    await server.stop()
  }
}

consumer('Next', { folder: 'next', tool: 'next', core: true }, (test) => {
  const pages = ['/hook', '/class', '/slim']
  const onServer = async (origin) => {
    const text = async (path) => (await fetch(origin + path)).text()
    assert.match(await text('/hook'), /<p>idle<\/p>/)
    await hearsAll(async (server) => /<output>(.*?)<\/output>/.exec(await text(`/server?server=${server}`))[1])
    await hearsAll((server) => text(`/edge?server=${server}`))
  }
  for (const bundler of ['turbopack', 'webpack']) {
    test(`dev with ${bundler}: hook, class, /slim; on the server, on the edge`, (next) => (
      served(next, 'next', (port) => ['dev', `--${bundler}`, '--port', port], { path: '/hook' }, pages, onServer)
    ))
    test(`build with ${bundler}: hook, class, /slim; on the server, on the edge`, async (next) => {
      const expected = /⚠ (No build cache|The Edge Runtime is deprecated|Using edge runtime).*\n/g
      assert.doesNotMatch((await next.run('next', ['build', `--${bundler}`])).replaceAll(expected, ''), /warn|⚠/i)
      await served(next, 'next', (port) => ['start', '--port', port], {}, pages, onServer)
    })
  }
})
