import { useEventSource } from 'eventsource-wasm/react'
import { createRoot } from 'react-dom/client'
import type { Counts, MountBoard, Prices, Trade } from './board.js'
import { PriceList } from './price-list.js'

function Board({ url, counts }: { url: string; counts: Counts }) {
  const { data: prices } = useEventSource<Trade, Prices>(url, {
    parse: JSON,
    reducer: (prices, { data }) => ({ ...prices, [data.stock]: data }),
    initialState: {},
    onEvent: () => (counts.events += 1),
  })
  return <PriceList prices={prices} counts={counts} />
}

export const mount: MountBoard = (list, url, counts) => {
  const root = createRoot(list)
  root.render(<Board url={url} counts={counts} />)
  return () => root.unmount()
}
