/** Svelte, Solid and Angular: what their adapters add to the store that all hooks share. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, reply, stream } from '../e2e/endpoint.mjs'
import { onEveryFramework } from './stage.mjs'

onEveryFramework('adapters', (stage) => {
  const text = (mounted) => mounted.act(({ text }) => text())
  const untilText = (mounted, expected) => mounted.act(async ({ text }, expected) => {
    while (text() !== expected) await new Promise(requestAnimationFrame)
  }, expected)

  test('an event stream is shown in the document, and closed with its component', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const mounted = await stage.mount(endpoint.url)
    await untilText(mounted, 'open: "a"')
    const exchange = await endpoint.exchange(0)
    await exchange.write('data: b\n\n')
    await untilText(mounted, 'open: "b"')
    await mounted.unmount()
    await exchange.closed
  })

  test('components that make one request share a connection, and a component that takes the place of another keeps it', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const mounted = [await stage.mount(endpoint.url), await stage.mount(endpoint.url)]
    for (const one of mounted) await untilText(one, 'open: "a"')
    await mounted[0].unmount()
    await mounted[1].remount()
    await untilText(mounted[1], 'open: "a"')
    await (await endpoint.exchange(0)).write('data: b\n\n')
    await untilText(mounted[1], 'open: "b"')
    assert.equal(endpoint.requests.length, 1)
  })

  test('each new token reconnects, however many there were', async () => {
    const tokens = ['0', '1', '2', '3', '4', '5']
    const endpoint = stage.server.endpoint(tokens.map((token) => hold(`id: 1\ndata: ${token}\n\n`)))
    const options = (token) => `() => ({ headers: { 'x-token': '${token}' } })`
    const mounted = await stage.mount(endpoint.url, options('0'))
    for (const token of tokens) {
      await mounted.render({ options: options(token) })
      await untilText(mounted, `open: "${token}"`)
    }
    assert.deepEqual(endpoint.requests.map(({ headers }) => headers['x-token']), tokens)
  })

  test('functions for the URL and the options are reactive', async () => {
    const first = stage.server.endpoint([hold('id: 1\ndata: a\n\n'), hold('data: a2\n\n')])
    const second = stage.server.endpoint([hold('data: b\n\n')])
    const mounted = await stage.mount(first.url, () => ({ headers: { 'x-token': '1' } }))
    await untilText(mounted, 'open: "a"')
    await mounted.render({ options: () => ({ headers: { 'x-token': '2' } }) })
    await untilText(mounted, 'open: "a2"')
    assert.deepEqual(first.requests.map(({ headers, lastEventId }) => [headers['x-token'], lastEventId]), [['1', undefined], ['2', '1']])
    await mounted.render({ url: second.url })
    await untilText(mounted, 'open: "b"')
    await mounted.render({ url: null })
    await untilText(mounted, 'idle: ')
    await (await second.exchange(0)).closed
  })

  test('enabled, select and history are reactive while events arrive', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n', 'data: b\n\n'), hold()])
    const mounted = await stage.mount(endpoint.url, () => ({ history: 1 }))
    await mounted.until(({ events }) => events[0]?.data === 'b')
    await mounted.render({ options: () => ({ history: 1, select: (data) => `${data}!` }) })
    await untilText(mounted, 'open: "b!"')
    await mounted.render({ options: () => ({ history: 1, enabled: false }) })
    await untilText(mounted, 'idle: "b"')
    await (await endpoint.exchange(0)).closed
  })

  test('reducers, decoders and handlers get every event', async () => {
    const endpoint = stage.server.endpoint([hold('event: n\ndata: 1\n\nevent: n\ndata: 2\n\nevent: n\ndata: x\n\nevent: n\ndata: 3\n\n')])
    const mounted = await stage.mount(endpoint.url, () => ({
      types: { n: JSON },
      reducer: (sum, { data }) => sum + data,
      initialState: 0,
      onEvent: ({ data }) => { globalThis.log.push(data) },
      onError: ({ kind }) => { globalThis.log.push(kind) },
    }))
    await untilText(mounted, 'open: 6')
    assert.deepEqual(await stage.evaluate(() => globalThis.log), [1, 2, 'decode', 3])
  })

  test('a component that reads nothing hears of events', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const mounted = await stage.mountBy('mountHandling', endpoint.url)
    await stage.evaluate(async () => {
      while (globalThis.log.length === 0) await new Promise(requestAnimationFrame)
    })
    await mounted.unmount()
    await (await endpoint.exchange(0)).closed
  })

  test('an effect that sends is run again by what it reads, not by events or a new token', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n'), hold('data: b\n\n')])
    const mounted = await stage.mountBy('mountSending', endpoint.url)
    const untilLogged = (data) => stage.evaluate(async (data) => {
      while (globalThis.log.at(-1) !== data) await new Promise(requestAnimationFrame)
    }, data)
    await untilLogged('a')
    await mounted.act(({ renew }) => renew('b'))
    await mounted.act(({ ask }) => ask('two'))
    await untilLogged('b')
    assert.deepEqual(endpoint.requests.map(({ body, headers }) => `${body} ${headers['x-token']}`), ['one a', 'two b'])
    await mounted.unmount()
  })

  test('close and reconnect, failures and the countdown', async () => {
    const endpoint = stage.server.endpoint([hold('retry: 2500\ndata: a\n\n'), hold('data: b\n\n'), reply(404)])
    const mounted = await stage.mount(endpoint.url)
    await untilText(mounted, 'open: "a"')
    ;(await endpoint.exchange(0)).cut()
    await mounted.until(({ isReconnecting, retryInMs }) => isReconnecting && retryInMs > 1000)
    await mounted.until(({ isReconnecting, retryInMs }) => isReconnecting && retryInMs < 1500)
    await mounted.call('reconnect')
    await untilText(mounted, 'open: "b"')
    await mounted.call('close')
    await untilText(mounted, 'closed: "b"')
    await mounted.call('reconnect')
    const { isError, error } = await mounted.until(({ isError }) => isError)
    assert.deepEqual([isError, error.kind], [true, 'http'])
  })

  test('a chat sends with its current options, and keeps its turns', async () => {
    const endpoint = stage.server.endpoint([stream('data: Hel\n\n', 'data: lo\n\n'), stream('data: again\n\n')])
    const options = (token) => `() => ({ messages: [], headers: { 'x-token': '${token}' }, reducer: (text, { data }) => text + data, initialState: '' })`
    const mounted = await stage.mount(endpoint.url, options(1), 'useEventStream')
    assert.equal(await text(mounted), 'idle: ""')
    await mounted.act(async ({ probe, render }, settings) => {
      probe.configure(settings)
      render()
      globalThis.reply = await probe.result.send('Hi')
    }, { options: options(2) })
    assert.equal(await stage.evaluate(() => globalThis.reply), 'Hello')
    const { messages } = await mounted.until(({ isDone }) => isDone)
    assert.deepEqual(messages, [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello' }])
    await mounted.call('regenerate')
    await mounted.until(({ isDone, messages }) => isDone && messages.at(-1).content === 'again')
    assert.deepEqual(endpoint.requests.map(({ headers, body }) => [headers['x-token'], body.toString()]), [
      ['2', '{"messages":[{"role":"user","content":"Hi"}]}'], ['2', '{"messages":[{"role":"user","content":"Hi"}]}'],
    ])
  })
}, /^(Svelte|Solid|Angular)/)

onEveryFramework('adapters on a server', (stage) => {
  test('an event stream is rendered without a request', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const html = await stage.bundle.render({ url: endpoint.url, options: '() => ({ select: (data) => data ?? "none" })' })
    assert.match(html.replaceAll(/<!--.*?-->/g, '').replaceAll('&quot;', '"'), /<output[^>]*>idle: "none"<\/output>/)
    assert.equal(endpoint.requests.length, 0)
  })
}, /^(Svelte|Solid)/)
