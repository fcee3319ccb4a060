/** The option `share`: the connection of a component is that of other tabs as well. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold } from '../e2e/endpoint.mjs'
import { onEveryFramework } from './stage.mjs'

onEveryFramework('sharing', (stage) => {
  /** A source that shares like one of another tab. */
  const otherTab = (url, key) => stage.evaluate(async (url, key) => {
    const { EventSource, sharedFetch } = await import('page')
    const heard = []
    const other = { heard, source: new EventSource(url, { fetch: sharedFetch({ key }) }) }
    other.source.onmessage = ({ data }) => heard.push(data)
    globalThis.other = other
    await new Promise((resolve) => { other.source.onopen = resolve })
  }, url, key)

  test('has one connection with other tabs of the same key, and says which of them leads', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const mounted = await stage.mount(endpoint.url, () => ({ share: 'ann' }))
    const { role } = await mounted.until(({ data, role }) => data === 'a' && role === 'leading')
    assert.equal(role, 'leading')
    await otherTab(endpoint.url, 'ann')
    await (await endpoint.exchange(0)).write('data: b\n\n')
    await mounted.until(({ data }) => data === 'b')
    await stage.evaluate(async () => {
      while (!globalThis.other.heard.includes('b')) await new Promise(requestAnimationFrame)
    })
    assert.equal(endpoint.requests.length, 1)
    await mounted.unmount()
    await stage.evaluate(() => globalThis.other.source.close())
  })

  test('follows another tab, and leads when that has gone', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('data: b\n\n')])
    await otherTab(endpoint.url, 'ann')
    const mounted = await stage.mount(endpoint.url, () => ({ share: 'ann' }))
    await mounted.until(({ status, role }) => status === 'open' && role === 'following')
    await stage.evaluate(() => globalThis.other.source.close())
    await mounted.until(({ data, role }) => data === 'b' && role === 'leading')
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '1'])
    await mounted.unmount()
  })

  test('within the page, components share a connection by it as by key', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n'), hold('data: b\n\n')])
    const options = () => ({ share: 'ann', headers: () => ({}) })
    for (const mounted of [await stage.mount(endpoint.url, options), await stage.mount(endpoint.url, options)]) {
      await mounted.until(({ data }) => data === 'a')
    }
    const other = await stage.mount(endpoint.url, () => ({ share: 'bob', headers: () => ({}) }))
    await other.until(({ data }) => data === 'b')
    assert.equal(endpoint.requests.length, 2)
  })

  for (const share of ["''", 'null', 'undefined', 'false']) {
    test(`with ${share} for a key, nothing is shared`, async () => {
      const endpoint = stage.server.endpoint([hold('data: a\n\n')])
      const mounted = await stage.mount(endpoint.url, `() => ({ share: ${share} })`)
      const { role } = await mounted.until(({ data }) => data === 'a')
      assert.equal(role, undefined)
    })
  }
})
