import { useEffect } from 'react'
import { useSearchParams } from 'react-router'
import { useEventSource, useEventStream } from 'eventsource-wasm/react'

const append = (text, { data }) => `${text}${data} `

export default function Home() {
  const [query] = useSearchParams()
  const server = query.get('server')
  const { data, status, lastEventId } = useEventSource(`${server}/events`, { reducer: append, initialState: '' })
  const { data: echo, send } = useEventStream(`${server}/echo`, { reducer: append, initialState: '', complete: ({ type }) => type === 'end' })
  const isLast = lastEventId === '12'
  useEffect(() => {
    if (isLast) send('hello')
  }, [isLast, send])
  return <><output>{`${data}${echo}`.trim()}</output><p>{status}</p></>
}
