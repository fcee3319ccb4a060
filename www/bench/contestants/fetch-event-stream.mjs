import { events } from 'fetch-event-stream'

export const open = (url, type, receive) => {
  const controller = new AbortController()
  void read(url, type, receive, controller.signal)
  return () => controller.abort()
}

const read = async (url, type, receive, signal) => {
  for await (const { event = 'message', data } of events(await fetch(url, { signal }), signal)) {
    if (event === type) receive(`${data}`)
  }
}
