import { lastNumber, startEventStream } from './event-stream.mjs'
import { SYMBOLS } from './prices.mjs'

/**
 * Live prices as numbered `tick` events, from `feeds`. What is wanted comes in the query of a GET or in the JSON body of a
 * POST: `symbols` (comma-separated or a list) and `intervalMs`.
 */
export function ticker(feeds) {
  return (req, res) => {
    const { symbols, intervalMs } = choice({ ...req.query, ...req.body })
    if (symbols.length === 0 || !(intervalMs >= 10 && intervalMs <= 10_000)) {
      res.status(400).json({ error: `symbols: any of ${SYMBOLS}; intervalMs: 10 to 10000` })
      return
    }

    startEventStream(res)
    res.write('retry: 1500\n\n')
    const stop = feeds.at(intervalMs).listen(lastNumber(req.get('last-event-id')), ({ number, time, prices }) => {
      const chosen = Object.fromEntries(symbols.map(symbol => [symbol, prices[symbol]]))
      const data = JSON.stringify({ number, time, prices: chosen })
      res.write(`id: ${number}\nevent: tick\ndata: ${data}\n\n`)
    })
    res.on('close', stop)
  }
}

function choice({ symbols = SYMBOLS, intervalMs = 250 }) {
  const wanted = Array.isArray(symbols) ? symbols : String(symbols).split(',')
  return { symbols: SYMBOLS.filter(symbol => wanted.includes(symbol)), intervalMs: Math.round(Number(intervalMs)) }
}
