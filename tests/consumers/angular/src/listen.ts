import { EventSource } from 'eventsource-wasm'

const server = new URLSearchParams(location.search).get('server')

/** Hears all events, and then has a POST echoed. */
export function listen(hear: (text: string) => void): void {
  const events = new EventSource(`${server}/events`)
  events.addEventListener('message', ({ data }) => {
    hear(data)
    if (data !== '12') return
    events.close()
    const echo = new EventSource(`${server}/echo`, { method: 'POST', body: 'hello', complete: ({ type }) => type === 'end' })
    echo.onmessage = (event) => hear(event.data)
  })
}
