/** What only Vue does: kept-alive components, scopes, watchers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold } from '../e2e/endpoint.mjs'
import { onEveryFramework } from './stage.mjs'

onEveryFramework('Vue', (stage) => {
  test('a kept-alive component leaves its connection while it is not shown, and resumes it', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('data: b\n\n')])
    const mounted = await stage.mountBy('mountKeptAlive', endpoint.url, () => ({ history: 9 }))
    await mounted.until(({ data }) => data === 'a')
    await mounted.act(({ show }) => show(false))
    await (await endpoint.exchange(0)).closed
    await mounted.act(({ show }) => show(true))
    const { events } = await mounted.until(({ data }) => data === 'b')
    assert.deepEqual(events.map(({ data }) => data), ['a', 'b'])
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '1'])
    await mounted.unmount()
    await (await endpoint.exchange(1)).closed
  })

  test('outside of components, the connection lives as long as its scope', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const mounted = await stage.mountBy('runInScope', endpoint.url)
    await untilWatched(mounted, 1)
    await mounted.unmount()
    await (await endpoint.exchange(0)).closed
  })

  test('a watcher of data hears of an event with the same data as before', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const mounted = await stage.mountBy('runInScope', endpoint.url)
    await untilWatched(mounted, 1)
    await (await endpoint.exchange(0)).write('data: a\n\n')
    await untilWatched(mounted, 2)
    assert.deepEqual(await mounted.act(({ watched }) => watched), ['a', 'a'])
  })

  test('a ref for the URL connects to what it holds, and to nothing for null', async () => {
    const [one, other] = ['data: a\n\n', 'data: b\n\n'].map((chunk) => stage.server.endpoint([hold(chunk)]))
    const mounted = await stage.mountBy('runInScope', one.url)
    await untilWatched(mounted, 1)
    await mounted.act(({ address }) => { address.value = null })
    await (await one.exchange(0)).closed
    assert.equal(await mounted.act(({ refs }) => refs.status.value), 'idle')
    await mounted.act(({ address }, url) => { address.value = url }, other.url)
    await other.exchange(0)
  })

  /** Resolves once the watcher was called so often. */
  const untilWatched = (mounted, count) => mounted.act(async ({ watched }, count) => {
    while (watched.length < count) await new Promise(requestAnimationFrame)
  }, count)
}, /Vue/)
