import { createClient } from 'eventsource-wasm/graphql'

interface Data {
  prices: { symbol: string, value: number }
}

const show = (id: string, text: string) => {
  const element = document.getElementById(id)
  if (element !== null) element.textContent = text
}

const client = createClient({
  url: '/graphql',
  on: {
    connected: () => show('status', 'live'),
    retrying: ({ message }) => show('status', message),
  },
})

let received = 0
const query = 'subscription ($symbol: String!) { prices(symbol: $symbol) { symbol value } }'
for await (const { data } of client.iterate<Data>({ query, variables: { symbol: 'ACME' } })) {
  received += 1
  show('price', `${data?.prices.symbol} ${data?.prices.value.toFixed(2)}`)
  show('received', String(received))
}
