import { Wire, head } from '../faults/wire.mjs'
import { dataOf } from './numbers.mjs'

/**
 * `replies` of an endpoint that tells `events` numbered events and is cut off `disconnects` times, wherever `random`
 * says, in the middle of a character too: at the times in `cutAt`. It goes on after the event that the client names,
 * whatever it sent before. After the last cut it tells the rest to whoever comes.
 */
export function brokenStream({ events, disconnects, random }) {
  const perConnection = events / disconnects
  const cutAt = []
  const cutOff = async ({ socket, request }) => {
    const wire = new Wire(socket)
    const first = Number(request.lastEventId ?? 0) + 1
    const last = Math.min(events, first + Math.floor(random() * 2 * perConnection))
    const bytes = encoded(first, last)
    await wire.write(head() + 'retry: 1\n')
    await wire.write(bytes.subarray(0, Math.floor(random() * (bytes.length + 1))))
    cutAt.push(performance.now())
    if (random() < 0.5) wire.reset()
    else wire.finish()
  }
  const rest = async ({ socket, request }) => {
    const wire = new Wire(socket)
    await wire.write(head())
    const BATCH = 1000
    for (let first = Number(request.lastEventId ?? 0) + 1; first <= events; first += BATCH) {
      // Generating the rest for nobody would keep this process from noticing that the client has gone.
      if (!await wire.write(encoded(first, Math.min(events, first + BATCH - 1)))) return
    }
    await wire.write('event: end\ndata\n\n')
    wire.finish()
  }
  return { replies: [...Array(disconnects).fill(cutOff), ...Array(disconnects).fill(rest)], cutAt }
}

function encoded(first, last) {
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return Buffer.from(numbers.map((number) => `id: ${number}\ndata: ${dataOf(number)}\n\n`).join(''))
}
