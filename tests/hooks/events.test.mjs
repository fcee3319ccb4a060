/** How a component sees the events of a stream. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold } from '../e2e/endpoint.mjs'
import { onEveryFramework } from './stage.mjs'

onEveryFramework('events', (stage) => {
  const serve = (...chunks) => stage.server.endpoint([hold(...chunks)])
  const takeLog = () => stage.evaluate(() => globalThis.log.splice(0))

  test('the latest event is shown as it came', async () => {
    const mounted = await stage.mount(serve('id: 7\ndata: a\n\n').url)
    const { commits, ...shown } = await mounted.until(({ event }) => event)
    assert.ok(commits > 0)
    assert.deepEqual(shown, {
      data: 'a',
      event: { type: 'message', data: 'a', lastEventId: '7', origin: stage.server.origin },
      events: [],
      status: 'open',
      readyState: 1,
      lastEventId: '7',
      attempt: 0,
      truncated: false,
      eventData: 'a',
      isPreviousData: false,
      isPending: false,
      isOpen: true,
      isReconnecting: false,
      isDone: false,
      isError: false,
      isStopped: false,
    })
  })

  test('only the event types asked for are shown', async () => {
    const mounted = await stage.mount(
      serve('event: tick\ndata: 1\n\nevent: tock\ndata: 2\n\nevent: error\ndata: 3\n\nevent: open\ndata: 4\n\ndata: 5\n\n').url,
      () => ({ types: ['tick', 'error', 'open'], history: 9 }),
    )
    const { events, status, error } = await mounted.until(({ events }) => events.length === 3)
    assert.deepEqual(events.map(({ type, data }) => `${type} ${data}`), ['tick 1', 'error 3', 'open 4'])
    assert.equal(status, 'open')
    assert.equal(error, undefined)
  })

  test('data is decoded by JSON, a function or a Standard Schema, one for all types or one for each', async () => {
    const { url } = serve('event: price\ndata: {"value":"1"}\n\nevent: note\ndata: {"value":"2"}\n\n')
    const shownWith = async (options) => {
      const mounted = await stage.mount(url, options)
      const { events } = await mounted.until(({ events }) => events.length === 2)
      return events.map(({ data }) => data)
    }
    assert.deepEqual(await shownWith(() => ({ types: ['price', 'note'], history: 2, parse: JSON })), [{ value: '1' }, { value: '2' }])
    assert.deepEqual(
      await shownWith(() => ({ types: ['price', 'note'], history: 2, parse: (text) => text.length })),
      [13, 13],
    )
    assert.deepEqual(
      await shownWith(() => ({
        history: 2,
        types: { price: valibot.pipe(valibot.object({ value: valibot.string() }), valibot.transform(({ value }) => Number(value))), note: JSON },
      })),
      [1, { value: '2' }],
    )
  })

  test('an event that cannot be decoded is an error of its own, and the stream goes on', async () => {
    const endpoint = serve('data: {"value":1}\n\nid: 2\ndata: {\n\ndata: {"value":"x"}\n\n')
    const mounted = await stage.mount(endpoint.url, () => ({
      history: 9,
      parse: valibot.object({ value: valibot.number() }),
      onError: ({ kind, event, issues }) => globalThis.log.push([kind, event.data, issues.length]),
    }))
    const { error, data, status } = await mounted.until(({ error }) => error)
    assert.equal(error.kind, 'decode')
    assert.match(error.message, /^the schema refuses the data: /)
    assert.deepEqual(error.event, { type: 'message', data: '{"value":"x"}', lastEventId: '2', origin: stage.server.origin })
    assert.deepEqual(data, { value: 1 }, 'the data before it is still shown')
    assert.equal(status, 'open')
    assert.deepEqual(await takeLog(), [['decode', '{', 0], ['decode', '{"value":"x"}', 1]])

    await (await endpoint.exchange(0)).write('data: {"value":2}\n\n')
    const next = await mounted.until(({ data }) => data.value === 2)
    assert.equal(next.error, undefined)
    assert.deepEqual(next.events.map(({ data }) => data.value), [1, 2])
  })

  test('an asynchronous schema is refused with a message, event by event', async () => {
    const { url } = serve('data: 1\n\n')
    for (const validate of ['async (value) => ({ value })', "async () => { throw new Error('late') }"]) {
      const mounted = await stage.mount(url, `() => ({ parse: { '~standard': { version: 1, vendor: 'test', validate: ${validate} } } })`)
      const { error } = await mounted.until(({ error }) => error)
      assert.equal(error.kind, 'decode')
      assert.match(error.message, /asynchronously/)
    }
  })

  test('the history keeps the latest events and no more', async () => {
    const chunk = Array.from({ length: 50 }, (_, index) => `data: ${index}\n\n`).join('')
    const mounted = await stage.mount(serve(chunk).url, () => ({ history: 3 }))
    const { events } = await mounted.until(({ data }) => data === '49')
    assert.deepEqual(events.map(({ data }) => data), ['47', '48', '49'])
  })

  test('the reducer and the handler get every event in order, the component gets fewer', async () => {
    const chunk = Array.from({ length: 1000 }, (_, index) => `data: ${index}\n\n`).join('')
    const mounted = await stage.mount(serve(chunk).url, () => ({
      reducer: (state, { data }) => (Number(data) === state ? state + 1 : NaN),
      initialState: 0,
      onEvent: ({ data }) => { globalThis.log.push(data) },
    }))
    const { commits } = await mounted.until(({ data }) => data === 1000)
    assert.ok(commits < 50, `${commits} commits`)
    assert.deepEqual(await takeLog(), Array.from({ length: 1000 }, (_, index) => `${index}`))
  })

  test('with select, only a change of the selected value renders', async () => {
    const endpoint = serve('data: 10\n\n')
    const mounted = await stage.mount(endpoint.url, () => ({
      parse: JSON,
      select: (data) => (data === undefined ? 'none' : Math.floor(data / 10)),
      onEvent: ({ data }) => { globalThis.log.push(data) },
    }))
    const { commits } = await mounted.until(({ data }) => data === 1)
    const exchange = await endpoint.exchange(0)
    await exchange.write('data: 11\n\n')
    await stage.evaluate(async () => {
      while (!globalThis.log.includes(11)) await new Promise(requestAnimationFrame)
      for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame)
    })
    assert.equal((await mounted.read()).commits, commits)
    await exchange.write('data: 20\n\n')
    assert.equal((await mounted.until(({ data }) => data === 2)).event.data, 20)
  })

  test('a change of select or history is shown without another event', async () => {
    const mounted = await stage.mount(serve('data: a\n\ndata: b\n\n').url, () => ({ history: 1 }))
    await mounted.until(({ data, events }) => data === 'b' && events.length === 1)
    await mounted.render({ options: () => ({ history: 2 }) })
    await mounted.until(({ events }) => events.length === 2)
    await mounted.render({ options: () => ({ history: 2, select: (data) => `selected ${data}` }) })
    await mounted.until(({ data }) => data === 'selected b')
  })

  test('an event with the same data as before is shown as another event', async () => {
    const endpoint = serve('data: a\n\n')
    const plain = await stage.mount(endpoint.url)
    const first = await plain.until(({ event }) => event)
    await (await endpoint.exchange(0)).write('id: 9\ndata: a\n\n')
    const second = await plain.until(({ event }) => event?.lastEventId === '9')
    assert.equal(second.data, first.data)
    assert.ok(second.commits > first.commits)
  })

  test('exceptions of a reducer or handler are reported, and stop nothing', async () => {
    const mounted = await stage.mount(serve('data: 1\n\ndata: 2\n\n').url, () => ({
      initialState: '',
      reducer: (state, { data }) => {
        if (data === '1') throw new Error('of the reducer')
        return state + data
      },
      onEvent: ({ data }) => {
        if (data === '2') throw new Error('of the handler')
      },
    }))
    await mounted.until(({ data }) => data === '2')
    const uncaught = await stage.browser.takeUncaught()
    assert.equal(uncaught.length, 2)
    assert.match(uncaught[0], /of the reducer/)
    assert.match(uncaught[1], /of the handler/)
  })

  for (const flush of ['microtask', 0, 30]) {
    test(`flush: ${flush} needs no animation frames`, async () => {
      await stage.evaluate(() => { globalThis.requestAnimationFrame = undefined })
      const mounted = await stage.mount(serve('data: 1\n\n').url, `() => ({ flush: ${JSON.stringify(flush)} })`)
      await mounted.until(({ data }) => data === '1')
    })
  }

  test('a page without animation frames, as hidden ones are, is updated all the same', async () => {
    await stage.evaluate(() => { globalThis.requestAnimationFrame = () => 0 })
    const endpoint = serve('data: 1\n\n')
    const mounted = await stage.mount(endpoint.url)
    await mounted.until(({ data }) => data === '1')
    await (await endpoint.exchange(0)).write('data: 2\n\n')
    await mounted.until(({ data }) => data === '2')
  })

  test('10 000 events in a second render at most once per animation frame, and none is lost', async () => {
    // Firefox exposes a response only once its body has begun.
    const endpoint = serve(':\n')
    const options = () => ({ parse: Number, reducer: (sum, { data }) => sum + data, initialState: 0 })
    const components = [await stage.mount(endpoint.url, options), await stage.mount(endpoint.url, options)]
    const before = await components[0].until(({ status }) => status === 'open')
    await stage.evaluate(() => {
      const count = () => {
        globalThis.frameCount = (globalThis.frameCount ?? 0) + 1
        requestAnimationFrame(count)
      }
      requestAnimationFrame(count)
    })
    const exchange = await endpoint.exchange(0)
    const start = performance.now()
    for (let sent = 0; sent < 10_000; sent += 50) {
      await exchange.write('data: 1\n\n'.repeat(50))
      const early = start + sent / 10 - performance.now()
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    }
    for (const component of components) await component.until(({ data }) => data === 10_000)
    const frames = await stage.evaluate(() => globalThis.frameCount)
    const { commits } = await components[0].read()
    assert.ok(commits - before.commits <= frames + 2, `${commits - before.commits} commits in ${frames} frames`)
    assert.ok(commits - before.commits > 5, 'it is shown as it comes')
  })

  test('options that make no sense are refused by name', async () => {
    const { url } = serve()
    const rendering = (options) => stage.bundle.render({ url, options })
    await assert.rejects(rendering('() => ({ history: -1 })'), { name: 'RangeError', message: /^history .* -1$/ })
    await assert.rejects(rendering('() => ({ history: Infinity })'), { name: 'RangeError', message: /^history .* Infinity$/ })
    if (!stage.framework.startsWith('Vue')) {
      await assert.rejects(rendering('() => ({ headers: { "x-test": () => "a" } })'), { name: 'TypeError', message: /^headers\.x-test / })
    }
    await assert.rejects(rendering('() => ({ flush: "soon" })'), { name: 'RangeError', message: /^flush .* soon$/ })
  })
})
