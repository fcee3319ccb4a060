import { EventSource } from 'eventsource'

export const open = (url, type, receive) => {
  const source = new EventSource(url)
  source.addEventListener(type, ({ data }) => receive(data))
  return () => source.close()
}
