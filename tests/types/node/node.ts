/** In Node: the types of Node, no DOM. */

import { EventSource, init } from 'eventsource-wasm'
import { decode } from 'eventsource-wasm/decode'

const source = new EventSource('https://example.test/', { method: 'POST', json: {}, headers: { a: 'b' }, reconnect: true, signal: AbortSignal.timeout(1) })
source.onmessage = ({ data }) => data.length
source.onerror = ({ message, willReconnect, headers, code }) => [message.length, willReconnect, headers?.get('x'), code?.toFixed()]
source.addEventListener('tick', ({ data, lastEventId }) => data + lastEventId)
source.addEventListener('tick', null, { once: true })
await init(new URL('file:///eventsource.wasm'))

export async function read(): Promise<void> {
  for await (const { type, data } of source.messages()) console.log(type.length, data.length)
  for await (const { data } of decode(source.messages(), Number)) console.log(data.toFixed())
  const how: 'complete' | 'end' | 'close' = await source.closed
  console.log(how)
}
