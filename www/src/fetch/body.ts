import { EventSource } from '../index.js'
import type { EventSourceInit } from '../types.js'
import { writerOf } from './writer.js'

/** Limit for unread comments: they apply no backpressure to a source. */
const MAX_UNREAD_BYTES = 100_000

/** Re-encodes what a source with this init receives as an event stream, with backpressure; it ends as the source does. */
export function eventStreamBody(url: string | URL, init: EventSourceInit): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined
  const enqueue = (block: string): void => controller?.enqueue(encoder.encode(block))
  const source: EventSource = new EventSource(url, {
    ...init,
    // An end is the end of the body, as with `fetch`. After a break the rest is requested if that repeats nothing: not by POST or PATCH.
    reconnect: init.reconnect ?? {
      decide: ({ kind }) => (kind !== 'end' && (init.resume || (source.lastEventId && !/^(post|patch)$/i.test(init.method as string))) ? undefined : 'stop'),
    },
    onComment: (comment) => {
      if (controller?.desiredSize as number > -MAX_UNREAD_BYTES) enqueue(`: ${comment}\n\n`)
      return init.onComment?.(comment)
    },
  })
  const write = writerOf(source)
  const messages = source.messages()
  // Messages that arrive before the body is read would be lost.
  let next: ReturnType<typeof messages.next> | undefined = messages.next()
  next.catch(() => {})
  return new ReadableStream({
    start: (its) => { controller = its },
    pull: async (controller) => {
      next ??= messages.next()
      // After an error there are no more. What is known by then is read first, for an error drops what is queued.
      const { done, value } = await next.catch(() => messages.next())
      // Aborting has dropped messages: their ID must not come.
      if (init.signal?.aborted) await next
      const block = write(value)
      if (block) enqueue(block)
      else if (done) {
        await next
        controller.close()
      }
      if (!done) next = undefined
    },
    cancel: () => source.close(),
  }, { highWaterMark: 0, size: ({ length }) => length })
}
