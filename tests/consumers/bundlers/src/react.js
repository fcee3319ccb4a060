import { createElement, StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { useEventSource, useEventStream } from 'eventsource-wasm/react'

const server = new URLSearchParams(location.search).get('server')
const append = (text, { data }) => `${text}${data} `

function App() {
  const { data, lastEventId } = useEventSource(`${server}/events`, { reducer: append, initialState: '' })
  const echo = useEventStream(`${server}/echo`, { reducer: append, initialState: '', complete: ({ type }) => type === 'end' })
  const isLast = lastEventId === '12'
  const { send } = echo
  useEffect(() => {
    if (isLast) send('hello')
  }, [isLast, send])
  return createElement('output', null, `${data}${echo.data}`.trim())
}

document.querySelector('output').remove()
createRoot(document.querySelector('#app')).render(createElement(StrictMode, null, createElement(App)))
