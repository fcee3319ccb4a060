'use client'

import { useEventSource } from 'eventsource-wasm/react'

/** One function for all components, so that its state is shared as the connection is. */
const count = (received: number) => received + 1

export function Clock() {
  const { event, data, status } = useEventSource('/feed', { reducer: count, initialState: 0, reconnect: true })
  return (
    <>
      <p>{event === undefined ? '…' : new Date(Number(event.lastEventId)).toISOString()}</p>
      <p><output>{data}</output> events received, {status}</p>
    </>
  )
}
