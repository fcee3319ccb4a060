/** Every entry, as bundlers resolve it; options that are `undefined`, and maps of events that are interfaces. */

import { EventSource, type EventSourceInit } from 'eventsource-wasm'
import module from 'eventsource-wasm/eventsource.wasm'
import { useEventSource } from 'eventsource-wasm/react'
import { init } from 'eventsource-wasm/slim'
import { useEventSource as useComposable } from 'eventsource-wasm/vue'

interface Events {
  tick: string
  phase: 'start' | 'stop'
}

const source = new EventSource<Events>('/')
source.addEventListener('phase', ({ data }) => {
  const phase: 'start' | 'stop' = data
  return phase
})
declare const either: 'tick' | 'phase'
source.addEventListener(either, ({ data }) => data.length)
// @ts-expect-error Data is text.
new EventSource<{ tick: number }>('/')

/** What `fetch` takes, it takes. */
export const options = (init: RequestInit): EventSourceInit => {
  const { body, credentials, headers, integrity, keepalive, method, mode, priority, redirect, referrer, referrerPolicy, signal } = init
  return { body, credentials, headers, integrity, keepalive, method, mode, priority, redirect, referrer, referrerPolicy, signal }
}

type Undefined<T> = { [Key in keyof T]: undefined }
const nothing: Undefined<EventSourceInit> = {}
new EventSource('/', nothing)
const none: EventSourceInit = { reconnect: { maxAttempts: undefined }, timeouts: { idleMs: undefined }, limits: { maxEventBytes: undefined } }

export const useBoth = (): unknown => [useEventSource('/', { types: { tick: JSON } }), useComposable('/'), none]
await init(module)
