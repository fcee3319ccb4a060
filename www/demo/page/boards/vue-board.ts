import { useEventSource } from 'eventsource-wasm/vue'
import { createApp, defineComponent, h } from 'vue'
import { cellsOf, inOrder, type Counts, type MountBoard, type Prices, type Trade } from './board.js'

/** Render functions instead of a template: a page with a content security policy cannot compile one. */
const boardOf = (url: string, counts: Counts) =>
  defineComponent(() => {
    const { data: prices } = useEventSource<Trade, Prices>(url, {
      parse: JSON,
      reducer: (prices, { data }) => ({ ...prices, [data.stock]: data }),
      initialState: {},
      onEvent: () => (counts.events += 1),
    })
    return () => {
      counts.renders += 1
      return inOrder(prices.value).map(trade => {
        const { stock, price, change, direction } = cellsOf(trade)
        return h('li', { key: stock }, [h('b', stock), ' ', h('span', price), ' ', h('span', { class: direction }, change)])
      })
    }
  })

export const mount: MountBoard = (list, url, counts) => {
  const app = createApp(boardOf(url, counts))
  app.mount(list)
  return () => app.unmount()
}
