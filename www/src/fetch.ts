import { eventStreamBody } from './fetch/body.js'
import { NOWHERE, sentRequest } from './fetch/request.js'
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
 * Without `reconnect`, the body ends with the response. A request that breaks off, or ends before it is complete, is made
 * again only if its events have IDs and it is no POST or PATCH, or if `resume` allows it.
 *
 * @throws `TypeError` if an option is unknown or invalid; if the options are a function, `fetch` rejects with it and makes
 * no request.
 * @example
 * new OpenAI({ fetch: eventStreamFetch({ timeouts: { idleMs: 30_000 }, complete: ({ data }) => data === '[DONE]' }) })
 */
export function eventStreamFetch(options: EventStreamFetchInit = {}): Fetch {
  if (typeof options !== 'function') checked(options)
  return async (input, init) => {
    const { when, fetch = globalThis.fetch, ...streamOptions } = typeof options === 'function' ? checked(options(input, init)) : options
    const { url, rest, source } = sentRequest(input, init)
    const abort = new AbortController()
    const signal = source.signal ?? null
    // Firefox keeps a connection whose body was cancelled: only the signal of its request ends it.
    const response = await fetch(input, { ...init, signal: AbortSignal.any?.([abort.signal, signal ?? abort.signal]) ?? signal })
    let isRead = false
    try {
      // The class checks that, too, but must not be given a response that is to stay untouched.
      const isEventStream = response.status === 200 && response.body && /^text\/event-stream\s*(;|$)/i.test(response.headers.get('content-type') as string)
      if (!isEventStream || when?.(response) === false) return response
      return withBody(response, eventStreamBody(url, {
        ...streamOptions,
        ...source,
        fetch: async (url, made) => {
          if (isRead) return fetch((url as string).replace(NOWHERE, ''), { ...made, ...rest })
          isRead = true
          made?.signal?.addEventListener('abort', () => abort.abort())
          return response
        },
      }))
    } catch (error) {
      abort.abort()
      // A custom `fetch` may ignore the signal.
      response.body?.cancel?.().catch(() => {})
      throw error
    }
  }
}

/** Checks them by constructing a source, which makes no request if it is closed from the start, but would trace that. */
function checked(options: EventStreamFetchOptions): EventStreamFetchOptions {
  const { when, trace, ...others } = options
  if (typeof (when ?? checked) !== 'function') throw new TypeError('when must be a function')
  new EventSource('data:,', { ...others, trace: typeof trace === 'function' ? undefined : trace, signal: AbortSignal.abort() })
  return options
}

/** The response with another body, of unknown length. */
function withBody(response: Response, body: ReadableStream<Uint8Array<ArrayBuffer>>): Response {
  const made = new Response(body, response)
  made.headers.delete('content-length')
  return Object.defineProperties(made, { url: { value: response.url }, redirected: { value: response.redirected } })
}
