/** @jest-environment jsdom */

import { EventSource } from 'eventsource-wasm'
import { useEventSource } from 'eventsource-wasm/react'
import { decode } from 'eventsource-wasm/decode'

test('imports without effect', () => {
  expect([EventSource, useEventSource, decode].map((value) => typeof value)).toEqual(['function', 'function', 'function'])
})

test('says by an error event that there is no fetch', async () => {
  const source = new EventSource(process.env.SERVER)
  const error = await new Promise((resolve) => { source.onerror = resolve })
  expect(error.message).toMatch(/fetch/)
  expect(source.readyState).toBe(EventSource.CLOSED)
})
