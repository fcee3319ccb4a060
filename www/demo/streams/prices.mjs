/** Opening prices, by symbol. */
const OPENING = { gold: 2412.4, silver: 29.36, platinum: 981.2, palladium: 1043.5, copper: 9.87 }

export const SYMBOLS = Object.keys(OPENING)

/** The price of every symbol at a time in ms. A function of time alone: whoever asks sees the same market. */
export function pricesAt(time) {
  return Object.fromEntries(SYMBOLS.map((symbol, phase) => [symbol, round(OPENING[symbol] * drift(time / 1000, phase))]))
}

/** Three waves without a common period, within 0.8 % of 1. */
function drift(seconds, phase) {
  return (
    1 +
    0.005 * Math.sin(seconds / 17 + phase * 1.7) +
    0.002 * Math.sin(seconds / 4.1 + phase * 2.9) +
    0.001 * Math.sin(seconds / 1.3 + phase * 4.3)
  )
}

function round(price) {
  return Math.round(price * 100) / 100
}
