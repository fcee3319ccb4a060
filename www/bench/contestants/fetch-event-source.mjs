import { fetchEventSource } from '@microsoft/fetch-event-source'

export const open = (url, type, receive) => {
  const controller = new AbortController()
  const onmessage = ({ event, data }) => {
    if ((event || 'message') === type) receive(data)
  }
  void fetchEventSource(url, { onmessage, signal: controller.signal, openWhenHidden: true })
  return () => controller.abort()
}
