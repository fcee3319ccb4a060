/** What only React does: suspense, transitions, hidden trees. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { hold, reply, silence } from '../e2e/endpoint.mjs'
import { onEveryFramework } from './stage.mjs'

onEveryFramework('React', (stage) => {
  const mountSuspending = (endpoint, options) => stage.mountBy('mountSuspending', endpoint.url, options)
  /** Resolves once the text of the page matches. */
  const untilText = (mounted, pattern) => mounted.act(({ untilText }, pattern) => untilText(new RegExp(pattern)), pattern.source)

  test('with suspense, a component waits for its first event with one request, and loses none', async () => {
    const endpoint = stage.server.endpoint([silence])
    const mounted = await mountSuspending(endpoint, () => ({ suspense: true, reducer: (text, { data }) => text + data, initialState: '' }))
    await untilText(mounted, /^waiting$/)
    const exchange = await endpoint.exchange(0)
    exchange.head(200, { 'content-type': 'text/event-stream' })
    await exchange.write('data: a\n\ndata: b\n\n')
    await untilText(mounted, /^open: "ab"$/)
    await exchange.write('data: c\n\n')
    await untilText(mounted, /^open: "abc"$/)
    assert.equal(endpoint.requests.length, 1)
    await mounted.unmount()
    await exchange.closed
  })

  test('with suspense, a refusal is thrown to the error boundary, and trying again makes another request', async () => {
    const endpoint = stage.server.endpoint([reply(404), hold('data: a\n\n')])
    const mounted = await mountSuspending(endpoint, () => ({ suspense: true }))
    await untilText(mounted, /^failed: .*404/)
    await mounted.act(({ retry }) => retry())
    await untilText(mounted, /^open: "a"$/)
    await stage.browser.takeUncaught()
  })

  for (const [what, url, options, message] of [
    ['a URL', 'http://', () => ({ suspense: true }), /^failed: .*http:/],
    ['an option', '/never', () => ({ suspense: true, timeouts: { idleMs: -1 } }), /^failed: EventSource: timeouts\.idleMs/],
  ]) {
    test(`with suspense, ${what} that is not valid is thrown to the error boundary`, async () => {
      const mounted = await mountSuspending({ url }, options)
      await untilText(mounted, message)
      await stage.browser.takeUncaught()
    })
  }

  /** Runs the page's timers at twenty times their speed. */
  const hurry = () => stage.evaluate(() => {
    const { setTimeout } = globalThis
    globalThis.setTimeout = (work, ms = 0, ...parameters) => setTimeout(work, ms / 20, ...parameters)
  })

  test('with suspense, a component that goes while it waits closes its connection', async () => {
    await hurry()
    const endpoint = stage.server.endpoint([hold()])
    const mounted = await mountSuspending(endpoint, () => ({ suspense: true }))
    await untilText(mounted, /^waiting$/)
    await mounted.unmount()
    await (await endpoint.exchange(0)).closed
  })

  test('with suspense, a component waits as long as it takes, with one request', async () => {
    await hurry()
    const endpoint = stage.server.endpoint([hold()])
    const mounted = await mountSuspending(endpoint, () => ({ suspense: true }))
    const exchange = await endpoint.exchange(0)
    // Twelve seconds of the page's. It is not asked to wait itself: a driver may time its answer by the same clock.
    await setTimeout(600)
    await exchange.write('data: a\n\n')
    await untilText(mounted, /^open: "a"$/)
    assert.equal(endpoint.requests.length, 1)
  })

  test('with suspense, a component loses no event when others are mounted meanwhile', async () => {
    const endpoint = stage.server.endpoint([hold(':while it waits\n')])
    const mounted = await mountSuspending(endpoint, () => ({
      suspense: true,
      reducer: (text, { data }) => text + data,
      initialState: '',
      onEvent: ({ data }) => { globalThis.log.push(data) },
      onComment: (comment) => { globalThis.log.push(comment) },
    }))
    const exchange = await endpoint.exchange(0)
    await stage.evaluate(async () => {
      while (globalThis.log.length === 0) await new Promise(requestAnimationFrame)
    })
    const other = await stage.mount(endpoint.url, () => ({ onComment() {} }))
    await other.until(({ status }) => status === 'open')
    await exchange.write('data: a\n\n')
    await untilText(mounted, /^open: "a"$/)
    await exchange.write('data: b\n\n')
    await untilText(mounted, /^open: "ab"$/)
    assert.deepEqual(await stage.evaluate(() => globalThis.log), ['while it waits', 'a', 'b'])
    assert.equal(endpoint.requests.length, 1)
  })

  test('with suspense, a request that needs a key but has none is refused before it loops', async () => {
    const endpoint = stage.server.endpoint([hold()])
    const mounted = await mountSuspending(endpoint, () => ({ suspense: true, headers: () => ({}) }))
    await untilText(mounted, /^failed: suspense needs the option key/)
    assert.equal(endpoint.requests.length, 0)
    await stage.browser.takeUncaught()
  })

  test('components that a transition renders in slices, between which events arrive, all show the same', async () => {
    const endpoint = stage.server.endpoint([hold('data: 0\n\n')])
    await (await stage.mount(endpoint.url)).until(({ data }) => data === '0')
    const exchange = await endpoint.exchange(0)
    let isMounted = false
    const writing = (async () => {
      for (let count = 1; !isMounted; count += 1) {
        await exchange.write(`data: ${count}\n\n`)
        await setTimeout(2)
      }
      await exchange.write('data: last\n\n')
    })()
    const mounted = await stage.mountBy('mountMany', endpoint.url, () => ({ flush: 'microtask' }), 20)
    await mounted.act(async ({ texts }) => {
      while (texts().length === 0) await new Promise(requestAnimationFrame)
    })
    isMounted = true
    await writing
    const { rendered, shown } = await mounted.act(async ({ texts, rendered, shown }) => {
      while (texts()[0] !== 'last') await new Promise(requestAnimationFrame)
      return { rendered, shown }
    })
    assert.ok(new Set(rendered.slice(0, 20)).size > 1, 'events arrived between the slices of the first rendering')
    assert.ok(shown.length > 1)
    for (const texts of shown) assert.equal(texts.length, 1, `shown at once: ${texts}`)
  })

  test('a stream that renders in every frame does not delay a transition', async () => {
    const endpoint = stage.server.endpoint([hold('data: 0\n\n')])
    const mounted = await stage.mountBy('mountBesideTransition', endpoint.url, () => ({ flush: 'microtask' }), 1000)
    await mounted.until(({ data }) => data === '0')
    const exchange = await endpoint.exchange(0)
    let isOver = false
    const writing = (async () => {
      for (let count = 1; !isOver; count += 1) {
        await exchange.write(`data: ${count}\n\n`)
        await setTimeout(5)
      }
    })()
    const took = await mounted.act(({ transition }) => transition())
    isOver = true
    await writing
    // React gives up waiting after 5 seconds, and renders a transition that was interrupted all the time at once.
    assert.ok(took < 3000, `took ${took} ms`)
    await mounted.unmount()
  })

  test('a component renders only for the fields that it reads', async () => {
    const endpoint = stage.server.endpoint([hold('data: 0\n\n')])
    const mounted = await stage.mountBy('mountReading', endpoint.url, () => ({ flush: 'microtask' }), 'status')
    await mounted.act(({ untilText }) => untilText('open'))
    const before = await mounted.act(({ commits }) => commits())
    const other = await stage.mount(endpoint.url, () => ({ flush: 'microtask' }))
    await (await endpoint.exchange(0)).write('data: 1\n\ndata: 2\n\n')
    await other.until(({ data }) => data === '2')
    assert.equal(await mounted.act(({ commits }) => commits()), before)
    ;(await endpoint.exchange(0)).end()
    await mounted.act(({ untilText }) => untilText('reconnecting'))
    await mounted.unmount()
  })
}, /React/)

onEveryFramework('React Activity', (stage) => {
  test('a hidden component leaves its connection, and resumes it when it is shown again', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('data: b\n\n')])
    const mounted = await stage.mountBy('mountHidable', endpoint.url, () => ({ history: 9 }))
    await mounted.until(({ data }) => data === 'a')
    await mounted.act(({ show }) => show(false))
    await (await endpoint.exchange(0)).closed
    await mounted.act(({ show }) => show(true))
    const { events } = await mounted.until(({ data }) => data === 'b')
    assert.deepEqual(events.map(({ data }) => data), ['a', 'b'])
    assert.deepEqual(endpoint.requests.map(({ lastEventId }) => lastEventId), [undefined, '1'])
  })
}, /React 19/)
