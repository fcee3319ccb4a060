import type { EventSource } from '../index.js'
import type { TypedMessageEvent } from '../types.js'

/**
 * Serializes what a source receives, so that a parser reads the same. [spec] HTML 9.2.5. The function that it returns writes a
 * message, or without one what the source has come to know since the last: nothing, mostly.
 */
export function writerOf(source: EventSource): (message?: TypedMessageEvent<string>) => string {
  let { lastEventId, reconnectionTime } = source
  return (message) => {
    const { type = 'message', data, lastEventId: id } = message ?? source as Partial<typeof message> & EventSource
    let block = ''
    if (source.reconnectionTime !== reconnectionTime) block += `retry: ${reconnectionTime = source.reconnectionTime}\n`
    if (id !== lastEventId) block += `id: ${lastEventId = id}\n`
    if (type !== 'message') block += `event: ${type}\n`
    if (data !== undefined) block += `data: ${data.replaceAll('\n', '\ndata: ')}\n`
    return block && block + '\n'
  }
}
