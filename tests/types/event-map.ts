/** The type parameter maps event types to the types of their data. */

import { EventSource, type EventSourceErrorEvent, type EventSourceEventMap } from 'eventsource-wasm'

type Is<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false
function holds<T extends true>(): T | undefined {
  return undefined
}

const source = new EventSource<{ tick: string, phase: 'start' | 'stop' }>('/')

source.addEventListener('tick', (event) => {
  holds<Is<typeof event, MessageEvent<string>>>()
})
source.addEventListener('phase', function (event) {
  holds<Is<typeof event.data, 'start' | 'stop'>>()
  holds<Is<typeof this.readyState, 0 | 1 | 2>>()
})
source.addEventListener('message', ({ data }) => data.length)
source.addEventListener('open', (event) => {
  holds<Is<typeof event, Event>>()
})
source.addEventListener('error', (event) => {
  holds<Is<typeof event, EventSourceErrorEvent>>()
})
source.addEventListener('another', (event) => event.data)
source.addEventListener('tick', { handleEvent: (event: Event) => event.type }, { once: true })
source.addEventListener('tick', null)
source.removeEventListener('tick', (event) => event.data.length, true)

source.onopen = (event) => event.timeStamp
source.onmessage = ({ data, lastEventId }) => `${data}${lastEventId}`
source.onerror = function (event) {
  holds<Is<typeof event, EventSourceErrorEvent>>()
  this.close()
}
source.onerror = null

const { onmessage } = source
holds<Is<EventSourceEventMap['message'], MessageEvent<string>>>()

// @ts-expect-error Data is text.
new EventSource<{ tick: number }>('/')
// @ts-expect-error An `open` event has no data.
source.addEventListener('open', (event) => event.data)
// @ts-expect-error This event type has two possible texts only.
source.addEventListener('phase', (event) => event.data === 'pause')
// @ts-expect-error A handler is a function or null.
source.onmessage = 'handler'
// @ts-expect-error A listener is a function, an object or null.
source.addEventListener('tick', 1)

export { onmessage }
