import { EventSource } from 'eventsource-wasm'
import { part } from './part.js'
import { Sparkline } from './sparkline.js'
import { StreamPanel } from './stream-panel.js'

interface Tick {
  number: number
  time: number
  prices: Record<string, number>
}

const SYMBOLS = ['gold', 'silver', 'platinum', 'palladium', 'copper']

/** The price board, fed by a GET or a POST as the reader chooses. */
export function prices(section: HTMLElement): void {
  const rows = new Map(SYMBOLS.map(symbol => [symbol, new Row(symbol)]))
  part(section, 'prices', HTMLElement).append(...[...rows.values()].map(row => row.element))

  const panel = new StreamPanel(section, (client, lastEventId) => {
    const source = chosenMethod(section) === 'GET' ? get(client, lastEventId) : post(client, lastEventId)
    source.addEventListener('tick', event => {
      panel.record(event, Number(event.lastEventId))
      const tick: Tick = JSON.parse(event.data)
      for (const [symbol, price] of Object.entries(tick.prices)) rows.get(symbol)?.show(price)
    })
    return source
  })

  section.querySelector('fieldset')?.addEventListener('change', () => panel.resume())
  panel.runInView(section)
}

function get(client: string, lastEventId: string) {
  return new EventSource<{ tick: string }>(`ticker?symbols=${SYMBOLS}&client=${client}`, { lastEventId })
}

function post(client: string, lastEventId: string) {
  return new EventSource<{ tick: string }>('ticker', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-client': client },
    body: JSON.stringify({ symbols: SYMBOLS }),
    lastEventId,
  })
}

function chosenMethod(section: HTMLElement): string | undefined {
  return section.querySelector<HTMLInputElement>('input[name="method"]:checked')?.value
}

class Row {
  readonly element = document.createElement('tr')
  readonly #trend = new Sparkline()
  readonly #price = document.createElement('td')
  readonly #change = document.createElement('td')
  #first: number | undefined

  constructor(symbol: string) {
    const name = document.createElement('th')
    name.scope = 'row'
    name.textContent = symbol
    const trend = document.createElement('td')
    trend.className = 'trend'
    trend.append(this.#trend.element)
    this.#price.className = this.#change.className = 'number'
    this.element.append(name, trend, this.#price, this.#change)
  }

  show(price: number): void {
    this.#first ??= price
    const change = Math.round((price / this.#first - 1) * 10_000) / 100
    const arrow = change === 0 ? '' : change < 0 ? '▼' : '▲'
    this.#trend.add(price)
    this.#price.textContent = price.toLocaleString('en', { minimumFractionDigits: 2 })
    this.#change.textContent = `${arrow} ${Math.abs(change).toFixed(2)} %`
    this.#change.classList.toggle('falling', change < 0)
  }
}
