import type { EventSource } from '../index.js'
import { Writer } from './writer.js'

/** Limit for unread comments: they apply no backpressure to a source. */
const MAX_UNREAD_BYTES = 100_000

/**
 * Re-encodes what a source receives as an event stream, with backpressure; it ends as the source does. `open` makes the
 * source, given a function to call with its comments.
 */
export function eventStreamBody(open: (hear: (comment: string) => void) => EventSource): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined
  const source = open((comment) => {
    if (controller?.desiredSize as number > -MAX_UNREAD_BYTES) controller?.enqueue(encoder.encode(`: ${comment}\n\n`))
  })
  const writer = new Writer(source)
  const messages = source.messages()
  // Messages that arrive before the body is read would be lost.
  let next: ReturnType<typeof messages.next> | undefined = messages.next()
  next.catch(() => {})
  return new ReadableStream({
    start: (its) => { controller = its },
    pull: async (controller) => {
      const { done, value } = await (next ?? messages.next())
      next = undefined
      const block = writer.write(value)
      if (block) controller.enqueue(encoder.encode(block))
      if (done) controller.close()
    },
    cancel: () => source.close(),
  }, { highWaterMark: 0, size: ({ length }) => length })
}
