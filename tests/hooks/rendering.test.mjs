/** On a server nothing connects, and the page hydrates what the server has rendered. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hold } from '../e2e/endpoint.mjs'
import { onEveryFramework } from './stage.mjs'

const built = (name) => readFile(fileURLToPath(new URL(`../../pkg/dist/${name}`, import.meta.url)), 'utf8')

onEveryFramework('rendering', (stage) => {
  for (const [name, html, options] of [
    ['a stream', 'idle: "none"', () => ({ select: (data) => data ?? 'none' })],
    ['a stream that is not enabled', 'idle: "none"', () => ({ enabled: false, select: (data) => data ?? 'none' })],
    ['a reducer', 'idle: 0', () => ({ reducer: (count) => count + 1, initialState: 0 })],
  ]) {
    test(`${name} is rendered on a server without a request, and hydrated without a mismatch`, async () => {
      const endpoint = stage.server.endpoint([hold('data: 1\n\n')])
      const settings = { url: endpoint.url, options: String(options) }
      const rendered = await stage.bundle.render(settings)
      assert.equal(text(rendered), html)
      assert.equal(endpoint.requests.length, 0)

      const mounted = await stage.hydrate(settings, rendered)
      if (options().enabled === false) await mounted.until(({ status }) => status === 'idle')
      else await mounted.until(({ event }) => event)
      assert.deepEqual(await mounted.complaints(), [])
      await mounted.unmount()
    })
  }

  test('a page that is already connected hydrates what the server has rendered, then shows what it knows', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n')])
    await (await stage.mount(endpoint.url)).until(({ data }) => data === '1')
    const mounted = await stage.hydrate({ url: endpoint.url }, await stage.bundle.render({ url: endpoint.url }))
    await mounted.until(({ data }) => data === '1')
    assert.deepEqual(await mounted.complaints(), [])
    assert.equal(endpoint.requests.length, 1)
    await mounted.unmount()
  })

  test('an action stream is rendered idle', async () => {
    assert.match(text(await stage.bundle.render({ url: '/never', hook: 'useEventStream' })), /^idle:/)
  })
})

test('bundlers for server components see that the React entry is for the client', async () => {
  assert.match(await built('react.js'), /^'use client'\n/)
})

function text(html) {
  return html.replace(/<!--.*?-->|<[^>]*>/g, '').replaceAll('&quot;', '"').trim()
}
