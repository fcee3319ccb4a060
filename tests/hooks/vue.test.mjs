/** What only Vue does: kept-alive components, scopes, watchers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold } from '../e2e/endpoint.mjs'
import { onEveryFramework } from './stage.mjs'

onEveryFramework('Vue', (stage) => {
  test('a kept-alive component leaves its connection while it is not shown, and resumes it', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('data: b\n\n')])
    const mounted = await stage.mountBy('mountHidable', endpoint.url, () => ({ history: 9 }))
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

  test('a watcher of data runs for an event with the same data as before', async () => {
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

  const until = (mounted, predicate) => mounted.act(({ until }, predicate) => until(predicate), String(predicate))

  for (const where of ['setup', 'onMounted', 'onActivated', 'watcher']) {
    test(`called in ${where}, it connects, and disconnects with its component`, async () => {
      const endpoint = stage.server.endpoint([hold('data: a\n\n')])
      const mounted = await stage.mountBy('mountCalling', endpoint.url, undefined, where)
      await until(mounted, ({ data, status }) => data.value === 'a' && status.value === 'open')
      await mounted.unmount()
      await (await endpoint.exchange(0)).closed
      assert.equal(endpoint.requests.length, 1)
    })
  }

  test('called in the scope of a store, it stays connected while the component that was the first to use it is hidden or gone', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const mounted = await stage.mountBy('mountCalling', endpoint.url, undefined, 'store')
    await until(mounted, ({ data }) => data.value === 'a')
    await mounted.act(({ show }) => show(false))
    await (await endpoint.exchange(0)).write('data: b\n\n')
    await until(mounted, ({ data }) => data.value === 'b')
    await mounted.unmount()
    await (await endpoint.exchange(0)).write('data: c\n\n')
    await until(mounted, ({ data }) => data.value === 'c')
    await mounted.act(({ stop }) => stop())
    await (await endpoint.exchange(0)).closed
  })

  for (const [what, options, header] of [
    ['a ref of headers', ({ ref }) => ({ headers: ref({ 'x-test': 'a' }) }), 'a'],
    ['a ref in headers', ({ ref }) => ({ headers: { 'x-test': ref('b') } }), 'b'],
    ['a computed', ({ computed }) => ({ headers: computed(() => ({ 'x-test': 'c' })) }), 'c'],
    ['reactive options', ({ reactive }) => reactive({ headers: { 'x-test': 'd' } }), 'd'],
    ['a ref of options', ({ ref }) => ref({ headers: { 'x-test': 'e' } }), 'e'],
    ['a getter in headers', ({ ref }) => ((token) => ({ headers: { 'x-test': () => token.value } }))(ref('g')), 'g'],
    ['a getter of a value', () => ({ enabled: () => true, headers: { 'x-test': 'f' } }), 'f'],
  ]) {
    test(`${what} is unwrapped`, async () => {
      const endpoint = stage.server.endpoint([hold('data: a\n\n')])
      const mounted = await stage.mountBy('mountCalling', endpoint.url, options, 'setup')
      await until(mounted, ({ data }) => data.value === 'a')
      assert.equal(endpoint.requests[0].headers['x-test'], header)
      await mounted.unmount()
    })
  }

  test('a ref of enabled disconnects', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const mounted = await stage.mountBy('mountCalling', endpoint.url, ({ ref }) => ({ enabled: (globalThis.enabled = ref(false)) }), 'setup')
    await until(mounted, ({ status }) => status.value === 'idle')
    assert.equal(endpoint.requests.length, 0)
    await stage.evaluate(() => { globalThis.enabled.value = true })
    await until(mounted, ({ data }) => data.value === 'a')
    await stage.evaluate(() => { globalThis.enabled.value = false })
    await (await endpoint.exchange(0)).closed
    await mounted.unmount()
  })

  test('decoders and states in reactive options are not made reactive', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const options = ({ reactive, isReactive }) => reactive({
      // Private members do not survive a proxy.
      parse: new (class { #calls = 0; parse(text) { this.#calls += 1; return text + this.#calls } })(),
      initialState: { list: [] },
      reducer: (state, { data }) => ({ list: [...state.list, data, isReactive(state)] }),
    })
    const mounted = await stage.mountBy('mountCalling', endpoint.url, options, 'setup')
    await until(mounted, ({ data }) => data.value.list.length > 0)
    assert.deepEqual(await mounted.act(({ used }) => used.value.data.value), { list: ['a1', false] })
    await mounted.unmount()
  })

  /** Resolves once the watcher was called so often. */
  const untilWatched = (mounted, count) => mounted.act(async ({ watched }, count) => {
    while (watched.length < count) await new Promise(requestAnimationFrame)
  }, count)
}, /Vue/)
