import { useEffect } from 'react'
import { cellsOf, inOrder, type Counts, type Prices } from './board.js'

/** The list of prices, from any source. */
export function PriceList({ prices, counts }: { prices: Prices; counts: Counts }) {
  useEffect(() => {
    counts.renders += 1
  })
  return inOrder(prices).map(trade => {
    const { stock, price, change, direction } = cellsOf(trade)
    return (
      <li key={stock}>
        <b>{stock}</b> <span>{price}</span> <span className={direction}>{change}</span>
      </li>
    )
  })
}
