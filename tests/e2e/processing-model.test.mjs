/** HTML 9.2.3, "Processing model", with the native class as oracle. */

import assert from 'node:assert/strict'
import { compare } from './comparison.mjs'
import { garble, hold, holdAs, redirect, reply, silence, stream, streamAs } from './endpoint.mjs'
import { onEveryEngine } from './stage.mjs'

const opens = ({ source }) => source.until('open')
const reopens = ({ source }) => source.until('open', 2)
const fails = ({ source }) => source.until('error')
const receives = (count) => ({ source }) => source.until('message', count)

const GARBLE_IS_FINAL = 'an answer that is not HTTP is final; HTML has no network errors but aborted ones final'
const TAKES_GARBLE = 'WebKitGTK takes the garbled answer for HTTP, so there is no network error'
const FIRST_TYPE = 'WebKit takes the first of several content types; Fetch takes the last'
const PROBE = 'fetch() reports a CORS refusal like a broken network: further requests tell them apart'
const REFUSES_DATA = 'opens no data: URL; HTML has no such exception'
const notInChromium = (reason, events) => ({ firefox: { reason, events }, webkit: { reason, events } })

const opening = [
  {
    name: '`open` fires as soon as the response head is there',
    unless: { firefox: 'fetch() and EventSource of Firefox wait for the first byte of the body' },
    replies: [holdAs({ 'content-type': 'text/event-stream' })],
    play: opens,
    events: ['open OPEN'],
  },
  {
    name: '`open` fires once, before the first message of the same chunk',
    replies: [hold('data: 1\n\ndata: 2\n\n')],
    play: receives(2),
    events: ['open OPEN', 'message OPEN "1"', 'message OPEN "2"'],
  },
  {
    name: 'an event type of its own does not reach `message` listeners',
    replies: [hold('event: tick\ndata: 1\n\ndata: 2\n\n')],
    types: ['tick'],
    play: receives(1),
    events: ['open OPEN', 'tick OPEN "1"', 'message OPEN "2"'],
  },
  {
    name: 'a server that says `event: open` or `event: error` fires messages of that type',
    replies: [hold('event: open\ndata: 1\n\nevent: error\ndata: 2\n\ndata: 3\n\n')],
    play: receives(1),
    events: ['open OPEN', 'open OPEN "1"', 'error OPEN "2"', 'message OPEN "3"'],
  },
]

const reconnecting = [
  {
    name: 'the end of the body reconnects with the last event ID',
    replies: [stream('retry: 1\nid: 7\ndata: a\n\n'), hold('data: b\n\n')],
    play: receives(2),
    events: ['open OPEN', 'message OPEN "a" #7', 'error CONNECTING', 'open OPEN', 'message OPEN "b" #7'],
    lastEventIds: [undefined, '7'],
  },
  {
    name: 'an empty body reconnects too',
    replies: [stream('retry: 1\n\n'), stream(), hold()],
    play: ({ source }) => source.until('open', 3),
    events: ['open OPEN', 'error CONNECTING', 'open OPEN', 'error CONNECTING', 'open OPEN'],
    lastEventIds: [undefined, undefined, undefined],
  },
  {
    name: 'a connection cut in mid event reconnects, and that event and its ID are forgotten',
    replies: [hold('retry: 1\nid: 1\ndata: a\n\nid: 2\ndata: ha'), hold('data: b\n\n')],
    async play({ source, endpoint }) {
      await source.until('message')
      ;(await endpoint.exchange(0)).cut()
      await source.until('message', 2)
    },
    events: ['open OPEN', 'message OPEN "a" #1', 'error CONNECTING', 'open OPEN', 'message OPEN "b" #1'],
    lastEventIds: [undefined, '1'],
  },
  {
    name: 'a body that ends in mid event reconnects, and that event and its ID are forgotten',
    replies: [stream('retry: 1\nid: 1\ndata: a\n\nid: 2\ndata: ha\n'), hold('data: b\n\n')],
    play: receives(2),
    events: ['open OPEN', 'message OPEN "a" #1', 'error CONNECTING', 'open OPEN', 'message OPEN "b" #1'],
    lastEventIds: [undefined, '1'],
  },
  {
    name: 'the reconnection time outlives the connection that set it',
    replies: [stream('retry: 1\n\n'), stream('data: a\n\n'), stream('data: b\n\n'), hold('data: c\n\n')],
    play: receives(3),
    events: [
      'open OPEN', 'error CONNECTING', 'open OPEN', 'message OPEN "a"', 'error CONNECTING',
      'open OPEN', 'message OPEN "b"', 'error CONNECTING', 'open OPEN', 'message OPEN "c"',
    ],
    lastEventIds: [undefined, undefined, undefined, undefined],
  },
  {
    name: 'the request comes no earlier than the reconnection time',
    replies: [stream('retry: 250\n\n'), hold()],
    async play({ source, endpoint, side }) {
      const first = await endpoint.exchange(0)
      await first.closed
      const endedAt = performance.now()
      const second = await endpoint.exchange(1)
      const tookMs = second.request.arrivedAt - endedAt
      // The closing may be noticed a moment after the last byte left; a timer of 250 ms may fire a fraction early.
      assert.ok(tookMs > 230, `${tookMs} ms`)
      // [spec] Optionally, wait some more. Ours does not.
      if (side === 'ours') assert.ok(tookMs < 1250, `${tookMs} ms`)
      await source.until('open', 2)
    },
    events: ['open OPEN', 'error CONNECTING', 'open OPEN'],
    lastEventIds: [undefined, undefined],
  },
  {
    name: 'an attempt that meets a network error is followed by another',
    replies: [stream('retry: 1\n\n'), garble, hold()],
    play: ({ source, side, stage }) =>
      (side === 'native' && stage.engineName === 'firefox' ? source.until('error', 2) : source.until('open', 2)),
    events: ['open OPEN', 'error CONNECTING', 'error CONNECTING', 'open OPEN'],
    lastEventIds: [undefined, undefined, undefined],
    unless: { webkit: TAKES_GARBLE },
    native: { firefox: { reason: GARBLE_IS_FINAL, events: ['open OPEN', 'error CONNECTING', 'error CLOSED'] } },
  },
  {
    name: 'a first attempt that meets a network error is not final',
    replies: [garble],
    play: fails,
    events: ['error CONNECTING'],
    unless: { webkit: TAKES_GARBLE },
    native: { firefox: { reason: GARBLE_IS_FINAL, events: ['error CLOSED'] } },
  },
  {
    name: 'an empty id takes the last event ID back',
    replies: [stream('retry: 1\nid: 1\ndata: a\n\nid\ndata: b\n\n'), hold()],
    play: reopens,
    events: ['open OPEN', 'message OPEN "a" #1', 'message OPEN "b"', 'error CONNECTING', 'open OPEN'],
    lastEventIds: [undefined, undefined],
  },
  {
    name: 'a block of an id alone fires nothing but sets the last event ID',
    replies: [stream('retry: 1\nid: 1\n\n'), hold()],
    play: reopens,
    events: ['open OPEN', 'error CONNECTING', 'open OPEN'],
    lastEventIds: [undefined, '1'],
    native: notInChromium('they set the last event ID with an event only', ['open OPEN', 'error CONNECTING', 'open OPEN']),
  },
  {
    name: 'the last event ID is sent as UTF-8',
    replies: [stream('retry: 1\nid: 豆 ü\ndata: a\n\n'), hold()],
    play: reopens,
    events: ['open OPEN', 'message OPEN "a" #豆 ü', 'error CONNECTING', 'open OPEN'],
    lastEventIds: [undefined, '豆 ü'],
    oursIn: {
      webkit: {
        reason: 'fetch() of WebKitGTK sends header values as UTF-8; Fetch has one byte for each code point',
        lastEventIds: [undefined, Buffer.from('豆 ü').toString('latin1')],
      },
    },
  },
  {
    name: 'the last event ID outlives a connection that sets none',
    replies: [stream('retry: 1\nid: 1\ndata: a\n\n'), stream('data: b\n\n'), hold()],
    play: ({ source }) => source.until('open', 3),
    events: [
      'open OPEN', 'message OPEN "a" #1', 'error CONNECTING',
      'open OPEN', 'message OPEN "b" #1', 'error CONNECTING', 'open OPEN',
    ],
    lastEventIds: [undefined, '1', '1'],
  },
]

const failing = [
  ...[201, 204, 205, 206, 304, 400, 401, 403, 404, 410, 429, 500, 502, 503].map((status) => ({
    name: `status ${status} is final`,
    replies: [reply(status, { 'content-type': 'text/event-stream' }, hasBody(status) ? 'data: never\n\n' : '')],
    play: fails,
    events: ['error CLOSED'],
  })),
  ...[
    ['none', undefined],
    ['text/plain', 'text/plain'],
    ['text/event-stream-x', 'text/event-stream-x'],
    ['text/event', 'text/event'],
    ['x-text/event-stream', 'x-text/event-stream'],
    ['text/html;text/event-stream', 'text/html;text/event-stream'],
    ['text/event-stream, text/html', 'text/event-stream, text/html'],
  ].map(([name, type]) => ({
    name: `content type ${name} is final`,
    replies: [streamAs(type && { 'content-type': type }, 'data: never\n\n')],
    play: fails,
    events: ['error CLOSED'],
    native: type === 'text/event-stream, text/html'
      ? { webkit: { reason: FIRST_TYPE, events: ['open OPEN', 'message OPEN "never"', 'error CONNECTING'] } }
      : {},
  })),
  ...[
    'TEXT/Event-Stream',
    'text/event-stream;',
    'text/event-stream;charset=utf-8',
    'text/event-stream ; charset="utf-8" ; x=y',
    'text/html, text/event-stream',
  ].map((type) => ({
    name: `content type ${type} is an event stream`,
    replies: [holdAs({ 'content-type': type }, 'data: 豆\n\n')],
    play: ({ source }) => source.until(['message', 'error']),
    events: ['open OPEN', 'message OPEN "豆"'],
    native: type === 'text/html, text/event-stream' ? { webkit: { reason: FIRST_TYPE, events: ['error CLOSED'] } } : {},
  })),
  {
    name: 'an event stream is UTF-8 whatever the charset parameter says',
    replies: [holdAs({ 'content-type': 'text/event-stream; charset=windows-1251' }, 'data: 豆\n\n')],
    play: ({ source }) => source.until(['message', 'error']),
    events: ['open OPEN', 'message OPEN "豆"'],
    native: { chromium: { reason: 'Chromium refuses every charset but UTF-8', events: ['error CLOSED'] } },
  },
  {
    name: 'a status is final after a reconnect too',
    replies: [stream('retry: 1\ndata: a\n\n'), reply(404)],
    play: ({ source }) => source.until('error', 2),
    events: ['open OPEN', 'message OPEN "a"', 'error CONNECTING', 'error CLOSED'],
    lastEventIds: [undefined, undefined],
  },
  {
    name: '204 is how a server stops a client that reconnects',
    replies: [stream('retry: 1\nid: 1\ndata: a\n\n'), reply(204)],
    play: ({ source }) => source.until('error', 2),
    events: ['open OPEN', 'message OPEN "a" #1', 'error CONNECTING', 'error CLOSED'],
    lastEventIds: [undefined, '1'],
  },
]

const redirecting = [
  ...[301, 302, 303, 307, 308].map((status) => ({
    name: `redirect ${status} is followed`,
    replies: ({ server }) => [redirect(status, server.endpoint([hold('data: a\n\n')]).url)],
    play: receives(1),
    events: ['open OPEN', 'message OPEN "a"'],
  })),
  {
    // [spec] A reconnect fetches the same request again, and redirects have been appended to its URL list.
    name: 'reconnecting goes to where a redirect led',
    replies: ({ server }) => {
      const target = server.endpoint([stream('retry: 1\nid: 1\ndata: a\n\n'), hold('data: b\n\n')])
      return [redirect(302, target.url), hold('data: given\n\n')]
    },
    play: receives(2),
    events: ['open OPEN', 'message OPEN "a" #1', 'error CONNECTING', 'open OPEN', 'message OPEN "b" #1'],
    native: notInChromium('every attempt starts at the URL given', [
      'open OPEN', 'message OPEN "a" #1', 'error CONNECTING', 'open OPEN', 'message OPEN "given" #1',
    ]),
    ours: {
      reason: 'every attempt starts at the URL given, as in WebKit, and in Firefox after a temporary redirect',
      events: ['open OPEN', 'message OPEN "a" #1', 'error CONNECTING', 'open OPEN', 'message OPEN "given" #1'],
      lastEventIds: [undefined, '1'],
    },
  },
  {
    name: 'a message has the origin that the redirect led to',
    replies: ({ server, otherServer }) => {
      const target = otherServer.endpoint([hold('data: a\n\n')], { cors: { origin: server.origin } })
      return [redirect(302, target.url)]
    },
    async play({ source, stage }) {
      await source.until('message')
      const { events } = await source.read()
      assert.equal(events.at(-1).origin, stage.otherServer.origin)
    },
    events: ['open OPEN', 'message OPEN "a"'],
  },
  {
    name: 'a redirect to a failing status is final',
    replies: ({ server }) => [redirect(302, server.endpoint([reply(404)]).url)],
    play: fails,
    events: ['error CLOSED'],
  },
  {
    name: 'a redirect without a Location is final',
    replies: [reply(302)],
    play: fails,
    events: ['error CLOSED'],
  },
]

const closing = [
  {
    name: 'close() in the `open` listener: no message follows',
    replies: [hold('data: 1\n\n')],
    act: (event, source) => source.close(),
    play: opens,
    events: ['open OPEN'],
  },
  {
    name: 'close() in a `message` listener stops the rest of the chunk',
    replies: [hold('data: 1\n\ndata: 2\n\ndata: 3\n\n')],
    act: (event, source) => event.data === '2' && source.close(),
    play: receives(2),
    events: ['open OPEN', 'message OPEN "1"', 'message OPEN "2"'],
  },
  {
    name: 'close() in an `error` listener: no reconnect',
    replies: [stream('retry: 1\n\n')],
    act: (event, source) => event.type === 'error' && source.close(),
    play: fails,
    events: ['open OPEN', 'error CONNECTING'],
  },
  {
    name: 'close() in the `error` listener of a failed connection changes nothing',
    replies: [reply(404)],
    act: (event, source) => source.close(),
    play: fails,
    events: ['error CLOSED'],
  },
  {
    name: 'close() while connecting ends the connection, quietly',
    replies: [silence],
    async play({ source, endpoint }) {
      const { closed } = await endpoint.exchange(0)
      await source.close()
      await closed
    },
    events: [],
  },
  {
    name: 'close() while open ends the connection, quietly',
    replies: [hold('data: 1\n\n')],
    async play({ source, endpoint }) {
      await source.until('message')
      await source.close()
      await (await endpoint.exchange(0)).closed
    },
    events: ['open OPEN', 'message OPEN "1"'],
  },
  {
    name: 'close() while waiting to reconnect: no request, quietly',
    replies: [stream('retry: 50\n\n')],
    async play({ source, stage, side }) {
      await source.until('error')
      await source.close()
      // Another source that waits as long, from now on, shows that the time is over.
      const clock = await stage.open(side, stage.server.endpoint([stream('retry: 50\n\n'), hold()]).url)
      await clock.until('open', 2)
      await clock.close()
    },
    events: ['open OPEN', 'error CONNECTING'],
  },
  {
    name: 'a listener that throws does not stop the next event',
    replies: [hold('event: tick\ndata: 1\n\ndata: 2\n\n')],
    types: ['tick'],
    act: (event) => {
      if (event.type === 'tick') throw new Error('of the listener')
    },
    async play({ source, stage }) {
      await source.until('message')
      assert.deepEqual(await stage.browser.takeUncaught(), ['Error: of the listener'])
    },
    events: ['open OPEN', 'tick OPEN "1"', 'message OPEN "2"'],
  },
]

const otherSchemes = [
  ...['about:blank', 'ftp://127.0.0.1/', 'mailto:someone@host.example'].map((url) => ({
    name: `a URL that cannot be fetched is final: ${url}`,
    url,
    replies: [],
    play: fails,
    events: ['error CLOSED'],
    lastEventIds: [],
  })),
  {
    name: 'the end of a data: URL reconnects',
    url: 'data:text/event-stream,retry: 1%0A%0Adata: a%0A%0A',
    replies: [],
    play: fails,
    act: (event, source) => event.type === 'error' && source.close(),
    events: ['open OPEN', 'message OPEN "a"', 'error CONNECTING'],
    lastEventIds: [],
    native: notInChromium(REFUSES_DATA, ['error CLOSED']),
  },
]

const crossOrigin = [
  {
    name: 'a cross-origin request carries Origin and no cookies',
    crossOrigin: {},
    replies: [hold('data: 1\n\n')],
    async play({ source, endpoint, stage }) {
      await source.until('message')
      const [{ headers }] = endpoint.requests
      assert.equal(headers.origin, stage.server.origin)
      assert.equal(headers.cookie, undefined)
    },
    events: ['open OPEN', 'message OPEN "1"'],
  },
  {
    name: 'a cross-origin request with credentials carries cookies',
    crossOrigin: { credentials: true },
    init: { withCredentials: true },
    replies: [hold('data: 1\n\n')],
    async play({ source, endpoint }) {
      await source.until('message')
      assert.equal(endpoint.requests[0].headers.cookie, 'crumb=1')
    },
    events: ['open OPEN', 'message OPEN "1"'],
  },
  {
    name: 'a request to the own origin carries cookies without being told',
    replies: [hold('data: 1\n\n')],
    async play({ source, endpoint }) {
      await source.until('message')
      assert.equal(endpoint.requests[0].headers.cookie, 'crumb=1')
    },
    events: ['open OPEN', 'message OPEN "1"'],
  },
  {
    name: 'a cross-origin resume sends the last event ID',
    crossOrigin: {},
    replies: [stream('retry: 1\nid: 1\ndata: a\n\n'), hold('data: b\n\n')],
    play: receives(2),
    events: ['open OPEN', 'message OPEN "a" #1', 'error CONNECTING', 'open OPEN', 'message OPEN "b" #1'],
    lastEventIds: [undefined, '1'],
    ours: {
      reason: 'fetch() preflights Last-Event-ID, which is not a CORS-safelisted header; the platform does not',
      preflights: 1,
    },
  },
  {
    name: 'a CORS refusal is final',
    crossOrigin: { origin: 'http://another.example' },
    replies: Array(3).fill(hold('data: never\n\n')),
    async play({ source, endpoint, side }) {
      await source.until('error')
      if (side === 'ours') await (await endpoint.exchange(2)).closed
    },
    events: ['error CLOSED'],
    ours: { reason: PROBE, lastEventIds: [undefined, undefined, undefined] },
  },
  {
    name: 'a cross-origin attempt that meets a network error is not final',
    crossOrigin: {},
    replies: [garble, garble],
    play: fails,
    events: ['error CONNECTING'],
    unless: { webkit: TAKES_GARBLE },
    native: { firefox: { reason: GARBLE_IS_FINAL, events: ['error CLOSED'] } },
    ours: { reason: PROBE, lastEventIds: [undefined, undefined] },
  },
]

onEveryEngine('processing model', (stage) => {
  for (const scenario of opening) compare(stage, scenario)
  for (const scenario of reconnecting) compare(stage, scenario)
  for (const scenario of failing) compare(stage, scenario)
  for (const scenario of redirecting) compare(stage, scenario)
  for (const scenario of closing) compare(stage, scenario)
  for (const scenario of otherSchemes) compare(stage, scenario)
  for (const scenario of crossOrigin) compare(stage, scenario)
})

function hasBody(status) {
  return ![204, 205, 304].includes(status)
}
