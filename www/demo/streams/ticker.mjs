import { badRequest, eventStream, lastNumber, parametersOf } from './event-stream.mjs'
import { pause } from './pause.mjs'
import { pricesAt, SYMBOLS } from './prices.mjs'

const DAY_MS = 86_400_000

/** How many past ticks a client that reconnects still gets. */
const KEPT = 1024

/**
 * Live prices as numbered `tick` events. What is wanted comes in the query of a GET or in the JSON body of a POST:
 * `symbols` (comma-separated or a list) and `intervalMs`.
 */
export async function ticker(request) {
  const { symbols, intervalMs } = choice(await parametersOf(request))
  if (symbols.length === 0 || !(intervalMs >= 10 && intervalMs <= 10_000)) {
    return badRequest(`symbols: any of ${SYMBOLS}; intervalMs: 10 to 10000`)
  }
  return eventStream(ticks(symbols, intervalMs, lastNumber(request)))
}

function choice({ symbols = SYMBOLS, intervalMs = 250 }) {
  const wanted = Array.isArray(symbols) ? symbols : String(symbols).split(',')
  return { symbols: SYMBOLS.filter(symbol => wanted.includes(symbol)), intervalMs: Math.round(Number(intervalMs)) }
}

/**
 * A tick is numbered by the time of day, counted in intervals, and prices are a function of time. So missed ticks
 * can be sent again without keeping anything, even by a server that was restarted in between.
 */
async function* ticks(symbols, intervalMs, last) {
  const midnight = Date.now() - (Date.now() % DAY_MS)
  // A number from the future was given out before midnight.
  const start = last * intervalMs > Date.now() - midnight ? midnight - DAY_MS : midnight
  const newest = () => Math.floor((Date.now() - start) / intervalMs)

  yield 'retry: 1500\n\n'
  let number = last === 0 ? newest() + 1 : Math.max(last, newest() - KEPT) + 1
  for (;;) {
    for (const due = newest(); number <= due; number += 1) yield tick(number, start + number * intervalMs, symbols)
    await pause(start + number * intervalMs - Date.now())
  }
}

function tick(number, time, symbols) {
  const all = pricesAt(time)
  const prices = Object.fromEntries(symbols.map(symbol => [symbol, all[symbol]]))
  return `id: ${number}\nevent: tick\ndata: ${JSON.stringify({ number, time, prices })}\n\n`
}
