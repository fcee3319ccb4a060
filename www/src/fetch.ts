import { eventStreamBody } from './fetch/body.js'
import { sentRequest, type Sent } from './fetch/request.js'
import { EventSource } from './index.js'
import type { EventSourceInit } from './types.js'

type Fetch = typeof globalThis.fetch

/** Options for reading the response stream, as in the init of the class. The request is the caller's. */
export interface EventStreamFetchOptions
  extends Pick<EventSourceInit, 'complete' | 'dedupe' | 'fetch' | 'interpret' | 'limits' | 'onComment' | 'reconnect' | 'resume' | 'timeouts' | 'trace'> {
  /** Whether to keep this event stream alive. Default: always. */
  when?: ((response: Response) => boolean) | undefined
}

/** Options for all requests, or a function that makes them per request: a stateful `complete` must not be shared. */
export type EventStreamFetchInit = EventStreamFetchOptions | ((...request: Parameters<Fetch>) => EventStreamFetchOptions)

/**
 * A `fetch` that keeps event streams alive, for any library that accepts a `fetch`. The body of an event stream with
 * status 200 continues across reconnects, and errors if the stream fails, times out or ends before it is complete. Other
 * responses and rejections pass through untouched.
 *
 * @throws `TypeError` if an option is unknown or invalid; if the options are a function, `fetch` rejects with it.
 * @example
 * new OpenAI({ fetch: eventStreamFetch({ timeouts: { idleMs: 30_000 }, complete: ({ data }) => data === '[DONE]' }) })
 */
export function eventStreamFetch(options: EventStreamFetchInit = {}): Fetch {
  if (typeof options !== 'function') checkOptions(options)
  return async (input, init) => {
    const { when, fetch = globalThis.fetch, ...streamOptions } = typeof options === 'function' ? options(input, init) : options
    const sent = sentRequest(input, init)
    const abort = new AbortController()
    const response = await fetch(input, { ...init, signal: eitherOf(abort.signal, sent.source.signal) })
    if (!isEventStream(response) || when?.(response) === false) return response
    return withBody(response, keptAlive(response, abort, sent, fetch, streamOptions))
  }
}

/** Firefox keeps a connection whose body was cancelled: only the signal of its request ends it. */
function eitherOf(ours: AbortSignal, theirs: AbortSignal | null = ours): AbortSignal | null {
  return AbortSignal.any?.([ours, theirs ?? ours]) ?? theirs
}

/** Checks them by constructing a source, which makes no request if it is closed from the start. */
function checkOptions({ when: _when, trace: _trace, ...options }: EventStreamFetchOptions): void {
  new EventSource('data:,', { ...options, signal: AbortSignal.abort() })
}

/** The check that the class makes, which must not be given a response that is to stay untouched. */
function isEventStream({ status, headers, body }: Response): boolean {
  return status === 200 && Boolean(body) && /^text\/event-stream\s*(;|$)/i.test(`${headers.get('content-type')}`)
}

function keptAlive(
  response: Response, abort: AbortController, { url, rest, source }: Sent, fetch: Fetch, options: EventSourceInit,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let isFirst = true
  return eventStreamBody((hear) => new EventSource(url, {
    ...options,
    ...source,
    onComment: (comment) => {
      hear(comment)
      return options.onComment?.(comment)
    },
    fetch: async (url, made = {}) => {
      if (!isFirst) return fetch(url, { ...made, ...rest })
      isFirst = false
      made.signal?.addEventListener('abort', () => abort.abort())
      return response
    },
  }))
}

/** The response with another body, of unknown length. */
function withBody(response: Response, body: ReadableStream<Uint8Array<ArrayBuffer>>): Response {
  const made = new Response(body, response)
  made.headers.delete('content-length')
  return Object.defineProperties(made, { url: { value: response.url }, redirected: { value: response.redirected } })
}
