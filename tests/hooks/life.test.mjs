/** One life for one request, however often its component is hidden, shown, and replaced by the next. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, reply } from '../e2e/endpoint.mjs'
import { onEveryFramework } from './stage.mjs'

onEveryFramework('hidden and shown', (stage) => {
  /** Longer than a connection outlives its last component. */
  const aWhile = () => stage.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 300) }))
  const hideAndShow = async (mounted) => {
    await mounted.act(({ show }) => show(false))
    await aWhile()
    await mounted.act(({ show }) => show(true))
    await aWhile()
  }

  test('a request that was complete is not made again', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n', 'data: end\n\n')])
    const options = () => ({ method: 'POST', body: 'a job', complete: ({ data }) => data === 'end' })
    const mounted = await stage.mountBy('mountHidable', endpoint.url, options)
    await mounted.until(({ status, data }) => status === 'done' && data === 'end')
    await hideAndShow(mounted)
    await mounted.until(({ status, data }) => status === 'done' && data === 'end')
    assert.equal(endpoint.requests.length, 1)
  })

  test('a request that the user closed stays closed, until reconnect', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('data: b\n\n')])
    const mounted = await stage.mountBy('mountHidable', endpoint.url)
    await mounted.until(({ data }) => data === 'a')
    await mounted.call('close')
    await mounted.until(({ status }) => status === 'closed')
    await hideAndShow(mounted)
    await mounted.until(({ status, data }) => status === 'closed' && data === 'a')
    assert.equal(endpoint.requests.length, 1)
    await mounted.call('reconnect')
    await mounted.until(({ data }) => data === 'b')
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '1'])
  })

  test('a request that was refused stays failed', async () => {
    const endpoint = stage.server.endpoint([reply(404), hold('data: a\n\n')])
    const mounted = await stage.mountBy('mountHidable', endpoint.url)
    await mounted.until(({ status }) => status === 'failed')
    await hideAndShow(mounted)
    await mounted.until(({ status, error }) => status === 'failed' && error.kind === 'http')
    assert.equal(endpoint.requests.length, 1)
  })

  test('a POST cut off by hiding says so, and is not repeated', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n'), hold('data: b\n\n')])
    const mounted = await stage.mountBy('mountHidable', endpoint.url, () => ({ method: 'POST', body: 'a job' }))
    await mounted.until(({ data }) => data === 'a')
    await mounted.act(({ show }) => show(false))
    await (await endpoint.exchange(0)).closed
    await mounted.act(({ show }) => show(true))
    await mounted.until(({ status, truncated, data }) => status === 'closed' && truncated && data === 'a')
    await aWhile()
    assert.equal(endpoint.requests.length, 1)
  })

  test('with keepAliveMs, a POST continues while hidden', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const options = () => ({ method: 'POST', keepAliveMs: 60_000, reducer: (text, { data }) => text + data, initialState: '' })
    const mounted = await stage.mountBy('mountHidable', endpoint.url, options)
    await mounted.until(({ data }) => data === 'a')
    await mounted.act(({ show }) => show(false))
    await aWhile()
    await (await endpoint.exchange(0)).write('data: b\n\n')
    await aWhile()
    await mounted.act(({ show }) => show(true))
    await mounted.until(({ status, data }) => status === 'open' && data === 'ab')
    assert.equal(endpoint.requests.length, 1)
  })
}, /React 19|Vue/)

onEveryFramework('one after the other', (stage) => {
  test('the next component of a request finds its connection, and what it has received', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const options = () => ({ reducer: (text, { data }) => text + data, initialState: '' })
    const first = await stage.mount(endpoint.url, options)
    await first.until(({ data }) => data === 'a')
    await replace(first, endpoint.url, options)
    await (await endpoint.exchange(0)).write('data: b\n\n')
    assert.equal(await next(({ data }) => data === 'ab'), 'open')
    assert.equal(endpoint.requests.length, 1)
  })

  test('the next component of a complete request does not repeat it', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const options = () => ({ method: 'POST', complete: ({ data }) => data === 'a' })
    const first = await stage.mount(endpoint.url, options)
    await first.until(({ status, data }) => status === 'done' && data === 'a')
    await replace(first, endpoint.url, options)
    assert.equal(await next(({ data }) => data === 'a'), 'done')
    assert.equal(endpoint.requests.length, 1)
  })

  /** Unmounts one component and mounts the next 20 ms later. */
  const replace = (mounted, url, options) => mounted.act(async ({ unmount }, settings) => {
    const { mount } = await import('page')
    unmount()
    await new Promise((resolve) => { setTimeout(resolve, 20) })
    globalThis.next = mount(settings)
  }, { url, options: String(options), hook: 'useEventSource' })

  /** The status once the next component satisfies the predicate. */
  const next = (predicate) => stage.evaluate(async (predicate) => {
    const { probe } = globalThis.next
    await probe.until(predicate)
    return probe.read().status
  }, String(predicate))
})

onEveryFramework('joining later', (stage) => {
  test('a component with a reducer of its own sees what the others see', async () => {
    const endpoint = stage.server.endpoint([hold('event: snapshot\ndata: {"a":1}\n\n', 'event: tick\ndata: {"b":2}\n\n')])
    const options = () => ({ types: { snapshot: JSON, tick: JSON }, reducer: (state, { data }) => ({ ...state, ...data }), initialState: {} })
    await (await stage.mount(endpoint.url, options)).until(({ data }) => data.b === 2)
    const { data } = await (await stage.mount(endpoint.url, options)).until(({ data }) => data.b === 2)
    assert.deepEqual(data, { a: 1, b: 2 })
    assert.equal(endpoint.requests.length, 1)
  })

  test('a reducer that is one function is called once for each event, and its state is shared', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n')])
    await stage.evaluate(() => {
      globalThis.reduce = (list, { data }) => {
        globalThis.log.push(data)
        return [...list, data]
      }
    })
    const options = () => ({ reducer: globalThis.reduce, initialState: [] })
    const mounted = [await stage.mount(endpoint.url, options), await stage.mount(endpoint.url, options), await stage.mount(endpoint.url, options)]
    for (const one of mounted) await one.until(({ data }) => data.length === 1)
    await (await endpoint.exchange(0)).write('data: 2\n\n')
    for (const one of mounted) await one.until(({ data }) => data.length === 2)
    assert.deepEqual(await stage.evaluate(() => globalThis.log), ['1', '2'])
  })

  test('beyond what a connection keeps, the latest event of each type is still there', async () => {
    const many = Array.from({ length: 1500 }, (_, index) => `event: tick\ndata: ${index}\n\n`).join('')
    const endpoint = stage.server.endpoint([hold('event: snapshot\ndata: s\n\n', many)])
    const options = () => ({ types: ['snapshot', 'tick'], reducer: ({ first, count }, { data }) => ({ first: first ?? data, count: count + 1, data }), initialState: { count: 0 } })
    await (await stage.mount(endpoint.url, options)).until(({ data }) => data.data === '1499')
    const { data } = await (await stage.mount(endpoint.url, options)).until(({ data }) => data.data === '1499')
    assert.deepEqual(data, { first: 's', count: 1001, data: '1499' })
  })

  test('a component whose options change keeps what it has, and so do the others', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n')])
    await stage.evaluate(() => { globalThis.reduce = (text, { data }) => `${text}${data}` })
    const shared = () => ({ reducer: globalThis.reduce, initialState: '' })
    const [one, other] = [await stage.mount(endpoint.url, shared), await stage.mount(endpoint.url, shared)]
    for (const mounted of [one, other]) await mounted.until(({ data }) => data === '1')
    await one.render({ options: () => ({ reducer: (text, { data }) => `${text}-${data}`, initialState: '', select: (text) => `own ${text}` }) })
    await one.until(({ data }) => data === 'own 1')
    await (await endpoint.exchange(0)).write('data: 2\n\n')
    await one.until(({ data }) => data === 'own 1-2')
    await other.until(({ data }) => data === '12')
  })
})

onEveryFramework('a page of 200 components', (stage) => {
  test('has one connection, which none of them closes before the last, and all show the same', async () => {
    const endpoint = stage.server.endpoint([hold('data: 1\n\n')])
    const mountAll = async (count) => {
      const { mount } = await import('page')
      globalThis.all = Array.from({ length: count }, () => mount(globalThis.settings))
      await Promise.all(globalThis.all.map(({ probe }) => probe.until("({ data }) => data === '1'")))
    }
    await stage.evaluate((settings) => { globalThis.settings = settings }, { url: endpoint.url })
    await stage.evaluate(mountAll, 200)
    await stage.evaluate(() => { for (const { unmount } of globalThis.all.splice(1)) unmount() })
    await (await endpoint.exchange(0)).write('data: 2\n\n')
    await stage.evaluate(() => globalThis.all[0].probe.until("({ data }) => data === '2'"))
    await stage.evaluate(() => globalThis.all[0].unmount())
    await (await endpoint.exchange(0)).closed
    assert.equal(endpoint.requests.length, 1)
  })
})
