import { badRequest, eventStream, lastNumber } from './event-stream.mjs'
import { MAX_RATE, paced } from './paced.mjs'

/** Made up, like their prices. */
const STOCKS = ['ABRA', 'BOLT', 'CIRO', 'DUNE', 'ECHO', 'FLUX', 'GLOW', 'HALO', 'IRIS', 'JADE', 'KITE', 'LUMA', 'MINT', 'NOVA', 'ONYX', 'PIKE']

/** One trade after another, at `rate` (in the query) per second: `{ "stock": "GLOW", "price": 61.25, "change": 0.4 }`. */
export function market(request) {
  const rate = Number(new URL(request.url).searchParams.get('rate') ?? 20)
  if (!(rate > 0 && rate <= MAX_RATE)) return badRequest(`rate: more than 0, at most ${MAX_RATE}`)
  return eventStream(paced(rate, lastNumber(request) + 1, trade))
}

/** Goes through the stocks in steps of 7, which has no common factor with their number, so each one comes up. */
function trade(number) {
  const index = (number * 7) % STOCKS.length
  const seconds = performance.now() / 1000
  const change = 5 * Math.sin(seconds / (3 + index / 5) + index)
  const price = (20 + 9 * index) * (1 + change / 100)
  return `id: ${number}\ndata: {"stock":"${STOCKS[index]}","price":${price.toFixed(2)},"change":${change.toFixed(2)}}\n\n`
}
