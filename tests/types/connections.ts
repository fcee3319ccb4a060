/** The options and members that concern the connection. */

import { EventSource, EventSourceErrorEvent, type ErrorDetails, type EventSourceInit, type LastEventIdStore } from 'eventsource-wasm'
import { sessionStore } from 'eventsource-wasm/session-store'

const store: LastEventIdStore = sessionStore('feed')

const init: EventSourceInit = {
  reconnect: {
    replay: 'always', maxAttempts: Infinity, maxBackoffMs: 1000, stableMs: 0,
    decide: ({ kind, status, attempt, delayMs }) => (kind === 'http' && status === 404 && attempt < 3 ? delayMs ?? 'retry' : undefined),
  },
  timeouts: { openMs: 1, idleMs: 1, heartbeatEvent: 'beat', heartbeatComment: 'beat' },
  complete: ({ type, data, lastEventId }) => `${type}${data}${lastEventId}` === '',
  onComment: (comment) => { console.log(comment.length) },
  resume: ({ url, headers, lastEventId }) => {
    url.searchParams.set('after', lastEventId)
    headers.set('after', lastEventId)
  },
  store,
  dedupe: 100,
}

const source = new EventSource('/', init)
source.reconnect()
const dispose: () => void = source[Symbol.dispose]
dispose.call(source)

source.addEventListener('error', (event) => {
  const details: ErrorDetails = event
  const { message, headers, bodySnippet, delayMs } = details
  return [event instanceof EventSourceErrorEvent, message.length, headers?.get('x'), bodySnippet?.length, delayMs?.toFixed()]
})

export async function consume(): Promise<string | undefined> {
  for await (const { data } of source.messages({ preventClose: true })) return data
  return undefined
}

new EventSource('/', { reconnect: true })
new EventSource('/', { reconnect: false, resume: 'query' })
// @ts-expect-error there is no such policy
new EventSource('/', { reconnect: { replay: 'never' } })
// @ts-expect-error the option has another name
new EventSource('/', { timeout: 1 })
// @ts-expect-error a promise is no decision
new EventSource('/', { reconnect: { decide: async () => 'stop' as const } })
