import { EventSource, type EventSourceInit } from 'eventsource-wasm'

/** A library over the package. */
export const connect = (url: string, init?: EventSourceInit): EventSource => new EventSource(url, init)
