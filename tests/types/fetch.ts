/** The `fetch` that keeps event streams alive, in types. Compiled, never run. */
import { eventStreamFetch, type EventStreamFetchInit, type EventStreamFetchOptions } from 'eventsource-wasm/fetch'

const plain: typeof globalThis.fetch = eventStreamFetch()
const options: EventStreamFetchOptions = {
  complete: ({ data }) => data === '[DONE]',
  interpret: { unterminated: true },
  reconnect: { replay: 'always' },
  resume: (request) => { request.method = 'GET' },
  timeouts: { idleMs: 'auto' },
  limits: { maxEventBytes: 1 << 20 },
  dedupe: 100,
  onComment: (comment) => comment.length,
  trace: (entry) => entry.time,
  fetch: plain,
  when: ({ headers }) => headers.has('x-stream'),
}
const perRequest: EventStreamFetchInit = (input, init) => (init?.method === 'POST' ? options : { reconnect: `${input}`.length > 1 })
void eventStreamFetch(perRequest)(new Request('/'), { signal: AbortSignal.timeout(1000) }).then(({ body }) => body?.getReader())

// @ts-expect-error the request is the caller's
eventStreamFetch({ headers: {} })
// @ts-expect-error so is its signal
eventStreamFetch({ signal: AbortSignal.abort() })
// @ts-expect-error not an option of the class
eventStreamFetch({ timeout: 1 })
