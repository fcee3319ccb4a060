/** The class stands wherever the DOM's is asked for. */

import { EventSource } from 'eventsource-wasm'

const instance: globalThis.EventSource = new EventSource('/')
const withEvents: globalThis.EventSource = new EventSource<{ tick: string }>(new URL('https://a.example'), { withCredentials: true })
const constructor: typeof globalThis.EventSource = EventSource
const target: EventTarget = instance
globalThis.EventSource = EventSource

const connecting: 0 = EventSource.CONNECTING
const open: 1 = withEvents.OPEN
const state: 0 | 1 | 2 = new EventSource('/').readyState

function acceptsNative(source: globalThis.EventSource): void {
  source.onmessage = (event) => event.data
  source.addEventListener('message', (event) => event.lastEventId)
}
acceptsNative(new EventSource('/'))

class Mine extends EventSource {
  mine = 1
}
const mine: EventSource = new Mine('/')

// @ts-expect-error A URL is required.
new EventSource()
// @ts-expect-error A number is no URL.
new EventSource(1)
// @ts-expect-error It is a class.
EventSource('/')
// @ts-expect-error The second argument is an object.
new EventSource('/', 'POST')
// @ts-expect-error No such option.
new EventSource('/', { retries: 3 })
// @ts-expect-error Read only.
new EventSource('/').readyState = 2
// @ts-expect-error Read only.
new EventSource('/').url = '/other'
// @ts-expect-error A constant.
EventSource.OPEN = 2

export { connecting, constructor, mine, open, state, target }
