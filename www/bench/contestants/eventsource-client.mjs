import { createEventSource } from 'eventsource-client'

export const open = (url, type, receive) => {
  const onMessage = ({ event = 'message', data }) => {
    if (event === type) receive(data)
  }
  const source = createEventSource({ url, onMessage })
  return () => source.close()
}
