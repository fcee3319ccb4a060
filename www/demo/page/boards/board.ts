/** What the market stream sends. */
export interface Trade {
  stock: string
  price: number
  /** In percent of the opening price. */
  change: number
}

/** The latest trade of each stock. */
export type Prices = Readonly<Record<string, Trade>>

/** What a board counts while it runs. */
export interface Counts {
  events: number
  renders: number
}

/** Shows the prices of a stream in a list until the function that it returns is called. */
export type MountBoard = (list: HTMLElement, url: string, counts: Counts) => () => void

/** How a board shows a trade: its stock, price and change. */
export function cellsOf({ stock, price, change }: Trade): { stock: string; price: string; change: string; direction: string } {
  const direction = change < 0 ? 'falling' : 'rising'
  return { stock, price: price.toFixed(2), change: `${change < 0 ? '▼' : '▲'} ${Math.abs(change).toFixed(2)} %`, direction }
}

/** In an order that does not change while they arrive. */
export function inOrder(prices: Prices): Trade[] {
  return Object.values(prices).sort((a, b) => (a.stock < b.stock ? -1 : 1))
}
