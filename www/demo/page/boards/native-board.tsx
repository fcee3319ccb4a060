import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import type { Counts, MountBoard, Prices, Trade } from './board.js'
import { PriceList } from './price-list.js'

/** What most pages do today: the browser's own class, and a state update for every event. */
function Board({ url, counts }: { url: string; counts: Counts }) {
  const [prices, setPrices] = useState<Prices>({})
  useEffect(() => {
    const source = new EventSource(url)
    source.onmessage = event => {
      const trade: Trade = JSON.parse(event.data)
      setPrices(prices => ({ ...prices, [trade.stock]: trade }))
      counts.events += 1
    }
    return () => source.close()
  }, [url, counts])
  return <PriceList prices={prices} counts={counts} />
}

export const mount: MountBoard = (list, url, counts) => {
  const root = createRoot(list)
  root.render(<Board url={url} counts={counts} />)
  return () => root.unmount()
}
