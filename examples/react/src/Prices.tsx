import { useEventSource } from 'eventsource-wasm/react'

interface Price {
  symbol: string
  value: number
}

/** One function for all components, so that its state is shared as the connection is. */
const collect = (prices: Price[], { data }: { data: Price }) => [...prices, data]

export function Prices() {
  const { data: prices, status, error, retryInMs, reconnect, close } = useEventSource('/prices', {
    types: { price: (text: string): Price => JSON.parse(text) },
    reducer: collect,
    initialState: [] as Price[],
    reconnect: true,
    timeouts: { heartbeatComment: 'heartbeat' },
  })
  const latest = prices.at(-1)
  return (
    <main>
      <h1>Prices</h1>
      <p>{latest === undefined ? '…' : `${latest.symbol} ${latest.value}`}</p>
      <p><output>{prices.length}</output> events received, {status}</p>
      {status === 'reconnecting' && <p>{error?.message}; again in {Math.ceil((retryInMs ?? 0) / 1000)} s</p>}
      <button onClick={() => reconnect()}>Reconnect</button> <button onClick={() => close()}>Close</button>
    </main>
  )
}
