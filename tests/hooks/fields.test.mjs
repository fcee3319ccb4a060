/** What a component expects from a data hook besides the data. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold, reply, silence, stream } from '../e2e/endpoint.mjs'
import { onEveryFramework } from './stage.mjs'

onEveryFramework('fields', (stage) => {
  const flags = ({ isPending, isOpen, isReconnecting, isDone, isError, isStopped }) =>
    Object.entries({ isPending, isOpen, isReconnecting, isDone, isError, isStopped }).filter(([, value]) => value).map(([name]) => name)

  for (const [status, answers, options, expected] of [
    ['connecting', [silence], undefined, ['isPending']],
    ['open', [hold()], undefined, ['isPending', 'isOpen']],
    ['open', [hold('data: a\n\n')], undefined, ['isOpen']],
    ['reconnecting', [stream('retry: 100000\n\n')], undefined, ['isPending', 'isReconnecting']],
    ['done', [hold('data: a\n\n')], () => ({ complete: () => true }), ['isDone', 'isStopped']],
    ['failed', [reply(404)], undefined, ['isError', 'isStopped']],
    ['idle', [], () => ({ enabled: false }), ['isStopped']],
  ]) {
    test(`${status}: ${expected}`, async () => {
      const mounted = await stage.mount(stage.server.endpoint(answers).url, options)
      const hasData = !expected.includes('isPending') && !['failed', 'idle'].includes(status)
      const shown = await mounted.until(`({ status, data }) => status === '${status}' && (data !== undefined) === ${hasData}`)
      assert.deepEqual(flags(shown), expected)
    })
  }

  test('retryInMs counts down by seconds where it is read', async () => {
    const endpoint = stage.server.endpoint([stream('retry: 100000\n\n'), hold('data: a\n\n')])
    const mounted = await stage.mount(endpoint.url)
    const { retryInMs } = await mounted.until(({ retryInMs }) => retryInMs !== undefined)
    assert.ok(retryInMs > 98_000 && retryInMs <= 100_000, `${retryInMs}`)
    await mounted.until(({ retryInMs }) => retryInMs <= 98_000)
    await mounted.call('reconnect')
    await mounted.until(({ data, retryInMs }) => data === 'a' && retryInMs === undefined)
  })

  test('initialState without a reducer is shown until the first event', async () => {
    const endpoint = stage.server.endpoint([hold()])
    const mounted = await stage.mount(endpoint.url, () => ({ initialState: 'none' }))
    const { isPending } = await mounted.until(({ data }) => data === 'none')
    assert.equal(isPending, true)
    await (await endpoint.exchange(0)).write('data: a\n\n')
    await mounted.until(({ data }) => data === 'a')
  })

  test("close('component') leaves the connection to the others, and reconnect joins it again", async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const [one, other] = [await stage.mount(endpoint.url), await stage.mount(endpoint.url)]
    for (const mounted of [one, other]) await mounted.until(({ data }) => data === 'a')
    await one.call('close', 'component')
    await one.until(({ status }) => status === 'closed')
    await (await endpoint.exchange(0)).write('data: b\n\n')
    await other.until(({ data, status }) => data === 'b' && status === 'open')
    assert.equal((await one.read()).data, 'a')
    await one.call('reconnect')
    await one.until(({ data, status }) => data === 'b' && status === 'open')
    assert.equal(endpoint.requests.length, 1)
  })

  test('keepPreviousData shows what the URL before had until there is something new', async () => {
    const [one, next] = [stage.server.endpoint([hold('data: a\n\n')]), stage.server.endpoint([hold()])]
    const mounted = await stage.mount(one.url, () => ({ keepPreviousData: true }))
    assert.equal((await mounted.until(({ data }) => data === 'a')).isPreviousData, false)
    await mounted.render({ url: next.url })
    const { data, isPending } = await mounted.until(({ isPreviousData }) => isPreviousData)
    assert.deepEqual([data, isPending], ['a', true])
    await (await next.exchange(0)).write('data: b\n\n')
    await mounted.until(({ data, isPreviousData }) => data === 'b' && !isPreviousData)
  })

  test('immediate: false waits for reconnect', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const mounted = await stage.mount(endpoint.url, () => ({ immediate: false }))
    await mounted.until(({ status }) => status === 'idle')
    assert.equal(endpoint.requests.length, 0)
    await mounted.call('reconnect')
    await mounted.until(({ data }) => data === 'a')
  })

  test('application-wide defaults apply where a component sets no option', async () => {
    const endpoint = stage.server.endpoint([hold('data: a\n\n')])
    const mounted = await stage.mountBy('mountWithDefaults', endpoint.url, () => ({ history: undefined }), { history: 1, headers: { 'x-test': 'a' } })
    const { events } = await mounted.until(({ data }) => data === 'a')
    assert.equal(events.length, 1)
    assert.equal(endpoint.requests[0].headers['x-test'], 'a')
  })

  test('a panel can list what is open', async () => {
    const endpoint = stage.server.endpoint([hold('id: 1\ndata: a\n\n')])
    for (let count = 0; count < 2; count += 1) await (await stage.mount(endpoint.url)).until(({ data }) => data === 'a')
    const list = await stage.evaluate(async () => (await import('page')).openConnections())
    assert.deepEqual(list.map(({ url, status, users, received, lastEventId }) => ({ url, status, users, received, lastEventId })), [
      { url: endpoint.url, status: 'open', users: 2, received: 1, lastEventId: '1' },
    ])
  })
})
