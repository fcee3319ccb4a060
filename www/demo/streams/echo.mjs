import { badRequest, eventStream, lastNumber } from './event-stream.mjs'
import { MAX_RATE, paced } from './paced.mjs'

/** Parameters that the site adds itself: they are not part of the reader's request. */
const HIDDEN = ['x-client']

/** Of all the headers that a browser sends, those that tell about this request. */
const SHOWN = /^(accept|authorization|content-type|last-event-id|x-.*)$/

/**
 * Answers any method with what it saw of the request, as the event `request`, and then with numbered events that say when
 * they were sent; `rate` in the query is how many a second.
 */
export async function echo(request) {
  const rate = Number(new URL(request.url).searchParams.get('rate') ?? 10)
  if (!(rate > 0 && rate <= MAX_RATE)) return badRequest(`rate: more than 0, at most ${MAX_RATE}`)

  const headers = [...request.headers].filter(([name]) => SHOWN.test(name) && !HIDDEN.includes(name))
  const body = await request.text()
  const seen = { method: request.method, headers: Object.fromEntries(headers), ...(body && { body }) }
  return eventStream(answer(seen, rate, lastNumber(request)))
}

async function* answer(seen, rate, last) {
  yield `retry: 2000\n\nevent: request\ndata: ${JSON.stringify(seen)}\n\n`
  yield* paced(rate, last + 1, number => `id: ${number}\ndata: {"number":${number},"sentAt":${now()}}\n\n`)
}

/** Milliseconds since the epoch, finer than whole ones. */
function now() {
  return (performance.timeOrigin + performance.now()).toFixed(2)
}
