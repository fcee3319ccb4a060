import { EventSource, init, type EventSourceInit } from 'eventsource-wasm'
import { decode, decoded } from 'eventsource-wasm/decode'
import wasm from 'eventsource-wasm/eventsource.wasm'
import * as fallback from 'eventsource-wasm/fallback'
import { install } from 'eventsource-wasm/polyfill'
import { useEventSource, useEventStream } from 'eventsource-wasm/react'
import { sessionStore } from 'eventsource-wasm/session-store'
import { sharedFetch } from 'eventsource-wasm/share'
import { EventSource as SlimEventSource } from 'eventsource-wasm/slim'
import { useEventSource as useEventSourceOfVue } from 'eventsource-wasm/vue'

install()
export const hooks = { useEventSource, useEventStream, useEventSourceOfVue }
export const ready: Promise<void>[] = [init(fallback), init(wasm)]

const options: EventSourceInit = { method: 'POST', json: { a: 1 }, store: sessionStore('a'), fetch: sharedFetch({ key: 'a' }) }
const source = new EventSource<{ tick: string }>('/events', options)
source.addEventListener('tick', decoded(JSON, ({ data }) => data))
source.onerror = ({ willReconnect, kind }) => { if (!willReconnect) throw new Error(kind) }

export async function* ticks(): AsyncGenerator<string> {
  for await (const { data } of decode(source.messages(), { tick: String })) yield data
}

export const native: typeof globalThis.EventSource = SlimEventSource
