import { EventSourcePolyfill } from 'event-source-polyfill'

export const open = (url, type, receive) => {
  const source = new EventSourcePolyfill(url)
  source.addEventListener(type, ({ data }) => receive(data))
  return () => source.close()
}
