import { SSE } from 'sse.js'

export const open = (url, type, receive) => {
  const source = new SSE(url)
  source.addEventListener(type, ({ data }) => receive(data))
  return () => source.close()
}
