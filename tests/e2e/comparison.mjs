import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hold } from './endpoint.mjs'

/**
 * A scenario is played with both classes; everything that a page and a server can see of them must be equal, and be
 * what the scenario states:
 *
 * - `replies`: what the endpoint answers, or a function of the stage when that needs an origin
 * - `url`: instead of the endpoint's
 * - `crossOrigin`: the endpoint is on the other server, with these CORS headers
 * - `init`, `types`, `act`: see `Stage.open`
 * - `play({ source, endpoint, stage, side })`: what the test does, until the scenario is over
 * - `events`: the events that HTML asks for, each as in `spelled`
 * - `lastEventIds`: the `Last-Event-ID` of every request, `undefined` for none
 *
 * Where one of the two cannot or does not do what HTML says, the scenario says so, with the reason:
 *
 * - `native`: `{ [engine]: { reason, events } }`
 * - `ours`: `{ reason, events, lastEventIds, preflights }`; `oursIn`: `{ [engine]: … }`
 * - `unless`: `{ [engine]: reason }`, where neither can
 */
export function compare(stage, scenario) {
  test(scenario.name, { skip: scenario.unless?.[stage.engineName] }, async () => {
    const { events, lastEventIds = [undefined] } = scenario
    const quirk = scenario.native?.[stage.engineName]
    const exempt = scenario.oursIn?.[stage.engineName] ?? scenario.ours

    const native = await play(stage, scenario, 'native')
    assert.deepEqual(native.events.map(spelled), quirk?.events ?? events, 'the native class')
    if (!quirk) assert.deepEqual(native.lastEventIds, lastEventIds, 'the native class')

    const ours = await play(stage, scenario, 'ours')
    assert.deepEqual(ours.events.map(spelled), exempt?.events ?? events, 'our class')
    assert.deepEqual(ours.lastEventIds, exempt?.lastEventIds ?? lastEventIds, 'our class')
    assert.equal(ours.preflights, exempt?.preflights ?? 0, 'preflights of our class')

    const isComparable = !quirk && !exempt?.events && !exempt?.lastEventIds
    if (isComparable) assert.deepEqual(comparable(ours), comparable(native), 'our class beside the native')
  })
}

const comparable = ({ preflights, ...rest }) => rest

async function play(stage, scenario, side) {
  const { crossOrigin, init, types, act } = scenario
  const replies = typeof scenario.replies === 'function' ? scenario.replies(stage) : scenario.replies
  const server = crossOrigin ? stage.otherServer : stage.server
  const cors = crossOrigin && { origin: stage.server.origin, ...crossOrigin }
  const endpoint = server.endpoint(replies, { cors })
  const source = await stage.open(side, scenario.url ?? endpoint.url, { init, types, act })
  await scenario.play({ source, endpoint, stage, side })
  await source.close()
  const { constructed, events, closed } = await source.read()
  return {
    constructed: { ...constructed, url: constructed.url.replace(endpoint.url, '(endpoint)') },
    events,
    closed,
    headers: endpoint.requests.map(({ headers }) => headers),
    lastEventIds: endpoint.requests.map(({ lastEventId }) => lastEventId),
    preflights: endpoint.preflights.length,
  }
}

/** An event on one line: its type, the readyState that its listener saw, and a message's data and last event ID. */
function spelled({ type, readyState, data, lastEventId }) {
  const state = ['CONNECTING', 'OPEN', 'CLOSED'][readyState]
  if (data === undefined) return `${type} ${state}`
  const id = lastEventId === '' ? '' : ` #${lastEventId}`
  return `${type} ${state} "${data}"${id}`
}

/**
 * A script of listeners, run with both classes over the same event stream; both must log the same, which is `log`.
 *
 * - `stream`: one chunk; the event `done` is added at its end
 * - `listen`: a function of the page, see listening.mjs
 * - `native`: `{ [engine]: { reason, log } }`, where that differs from what HTML and DOM say
 * - `ours`: `{ reason, log }`, where ours is meant to differ
 */
export function compareListening(stage, { name, stream = 'data: 1\n\n', listen, log, native, ours }) {
  test(name, async () => {
    const quirk = native?.[stage.engineName]
    assert.deepEqual(await logOf(stage, 'native', stream, listen), quirk?.log ?? log, 'the native class')
    assert.deepEqual(await logOf(stage, 'ours', stream, listen), ours?.log ?? log, 'our class')
  })
}

/** What the listeners of one class log. */
export function logOf(stage, side, stream, listen) {
  const { url } = stage.server.endpoint(Array(5).fill(hold(`${stream}event: done\ndata\n\n`)))
  return stage.evaluate(async (side, url, listen) => {
    const { listenTo } = await import('/e2e/listening.mjs')
    return listenTo(side, url, (0, eval)(`(${listen})`))
  }, side, url, String(listen))
}
