import { eventsAfter, prologue } from './log.mjs'
import { Wire, head } from './wire.mjs'

/** Answers a request by `play(wire, bytes)`, where `bytes` is what the client does not have yet. See `Endpoint`. */
export function replyBy(play) {
  return ({ socket, request }) => play(new Wire(socket), eventsAfter(request.lastEventId))
}

/** One event and the shortest wait, so that whatever comes next meets a client that resumes. */
export const prelude = replyBy(async (wire) => {
  await wire.write(head())
  await wire.write(prologue)
  wire.finish()
})

/** All that the client does not have yet, then the end. */
export const sound = replyBy(async (wire, bytes) => {
  await wire.write(head())
  await wire.write(bytes)
  wire.finish()
})
