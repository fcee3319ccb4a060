import { eventStreamBody } from './fetch/body.js'
import { sentRequest, type Sent } from './fetch/request.js'
import { EventSource } from './index.js'
import type { EventSourceInit } from './types.js'

type Fetch = typeof globalThis.fetch

/** What the stream of a response is read with, as in the init of the class. The request is the caller's. */
export interface EventStreamFetchOptions
  extends Pick<EventSourceInit, 'complete' | 'dedupe' | 'fetch' | 'interpret' | 'limits' | 'onComment' | 'reconnect' | 'resume' | 'timeouts' | 'trace'> {
  /** Whether to keep this event stream alive. By default, every one is. */
  when?: ((response: Response) => boolean) | undefined
}

/** The same for all requests, or what a request needs: a `complete` that remembers something is one request's alone. */
export type EventStreamFetchInit = EventStreamFetchOptions | ((...request: Parameters<Fetch>) => EventStreamFetchOptions)

/**
 * A `fetch` that keeps event streams alive, for whatever takes a `fetch`. The body of a response with status 200 and an
 * event stream goes on over reconnects, and errors where the stream fails, is silent for too long or ends before it is
 * complete. Every other response, and what `fetch` rejects with, is passed through untouched.
 *
 * @throws `TypeError` if an option is none or makes no sense; with a function for options, `fetch` rejects with it.
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

/** A source that was closed before it began makes no request. */
function checkOptions({ when: _when, trace: _trace, ...options }: EventStreamFetchOptions): void {
  new EventSource('data:,', { ...options, signal: AbortSignal.abort() })
}

/** As the class will find it, for what is not to be touched must not be given to it. */
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

/** The response with another body, whose length nobody knows. */
function withBody(response: Response, body: ReadableStream<Uint8Array<ArrayBuffer>>): Response {
  const made = new Response(body, response)
  made.headers.delete('content-length')
  return Object.defineProperties(made, { url: { value: response.url }, redirected: { value: response.redirected } })
}
