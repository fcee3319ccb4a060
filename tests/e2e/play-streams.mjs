/** Runs in the page: plays many event streams and collects what each dispatched. */

import { classOf } from './trace.mjs'

/**
 * Plays `streams`, `atOnce` of them at a time, and resolves to `[{ messages, lastEventId, delayMs }]`. Of a stream:
 *
 * - `url`: where it comes from; or
 * - `bytes` and `readable`: a `fetch` of our own gives them one per read, from a "bytes" or a "default" stream
 * - `types`: the event types to listen to
 * - `init`: the second argument of the constructor
 * - `errors`: the source is closed at this error event, by default the first
 */
export async function playStreams(side, streams, atOnce) {
  const Class = await classOf(side)
  const results = []
  const queue = streams.entries()
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const [index, stream] of queue) results[index] = await play(Class, stream)
  }))
  return results
}

function play(Class, { url = '/', bytes, readable, types, init = {}, errors = 1 }) {
  const fetch = bytes && (async () => oneByteAtATime(bytes, readable))
  const source = new Class(url, { ...init, fetch })
  return new Promise((resolve) => {
    const messages = []
    let left = errors
    const listen = (event) => {
      if (event instanceof MessageEvent) {
        const { type, data, lastEventId } = event
        messages.push({ type, data, lastEventId })
      } else if (event.type === 'error') {
        left -= 1
        if (left > 0 && source.readyState !== Class.CLOSED) return
        source.close()
        resolve({ messages, lastEventId: source.lastEventId, delayMs: event.delayMs })
      }
    }
    for (const type of types) source.addEventListener(type, listen)
  })
}

function oneByteAtATime(bytes, readable) {
  let position = 0
  const body = new ReadableStream({
    type: readable === 'bytes' ? 'bytes' : undefined,
    pull(controller) {
      if (position < bytes.length) {
        controller.enqueue(Uint8Array.of(bytes[position++]))
      } else {
        controller.close()
        controller.byobRequest?.respond(0)
      }
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}
