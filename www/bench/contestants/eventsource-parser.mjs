import { createParser } from 'eventsource-parser'

export const open = (url, type, receive) => {
  const controller = new AbortController()
  const onEvent = ({ event = 'message', data }) => {
    if (event === type) receive(data)
  }
  void feed(url, createParser({ onEvent }), controller.signal)
  return () => controller.abort()
}

const feed = async (url, parser, signal) => {
  const { body } = await fetch(url, { signal })
  const reader = body.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    parser.feed(decoder.decode(value, { stream: true }))
  }
}
