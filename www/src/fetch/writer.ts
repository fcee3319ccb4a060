import type { EventSource } from '../index.js'
import type { TypedMessageEvent } from '../types.js'

/** Serializes what a source receives, so that a parser reads the same. [spec] HTML 9.2.5. */
export class Writer {
  readonly #source: EventSource
  #id: string
  #retry: number

  constructor(source: EventSource) {
    this.#source = source
    this.#id = source.lastEventId
    this.#retry = source.reconnectionTime
  }

  /** A message, or without one what the source has come to know since the last: nothing, mostly. */
  write(message?: TypedMessageEvent<string>): string {
    const { type = 'message', data, lastEventId: id } = message ?? this.#source as Partial<typeof message> & EventSource
    const { reconnectionTime: retry } = this.#source
    let block = ''
    if (retry !== this.#retry) block += `retry: ${this.#retry = retry}\n`
    if (id !== this.#id) block += `id: ${this.#id = id}\n`
    if (type !== 'message') block += `event: ${type}\n`
    if (data !== undefined) block += `data: ${data.replaceAll('\n', '\ndata: ')}\n`
    return block && `${block}\n`
  }
}
