import { DecodeError, decodeInTime, decodeNow, type Decoder, type Decoders, type EventOf, type StreamEvent } from './decode/decoding.js'
import { isObject } from './platform/idl.js'
import { report } from './platform/report.js'

export { base64, base64url } from './decode/base64.js'
export { DecodeError }
export type { Decoder, Decoders, EventOf, StreamEvent }
export type { StandardIssue, StandardSchema } from './decode/standard-schema.js'

/** Handles a message that cannot be decoded. An exception replaces the `DecodeError`. */
export type OnInvalid = (error: DecodeError) => unknown

/**
 * A listener that receives decoded data. The decoder is any synchronous Standard Schema, `JSON`, or a function of the
 * text. Without `onInvalid` the {@link DecodeError} is reported; the stream continues.
 *
 * @example
 * source.addEventListener('tick', decoded(TickSchema, ({ data }) => show(data.price)))
 */
export function decoded<Data>(
  decoder: Decoder<Data>,
  listener: (event: StreamEvent<string, Data>) => unknown,
  onInvalid: OnInvalid = report,
): (message: StreamEvent<string, string>) => void {
  return (message) => {
    const event = decodeNow(message, decoder)
    if (event instanceof DecodeError) onInvalid(event)
    else listener(event)
  }
}

/**
 * The messages with decoded data, for `for await`. Takes one decoder for all messages (default `JSON`) or one per event
 * type; other types are left out. Schemas may validate asynchronously. Without `onInvalid` the loop throws a
 * {@link DecodeError}; with it the loop continues, unless `onInvalid` throws, which ends loop and stream.
 *
 * @example
 * for await (const { type, data } of decode(source.messages(), { tick: TickSchema, note: String })) show(type, data)
 */
export function decode<Data>(
  messages: AsyncIterable<StreamEvent<string, string>>,
  decoder?: Decoder<Data>,
  onInvalid?: OnInvalid,
): AsyncGenerator<StreamEvent<string, Data>, undefined>
export function decode<Map>(
  messages: AsyncIterable<StreamEvent<string, string>>,
  decoders: Decoders<Map>,
  onInvalid?: OnInvalid,
): AsyncGenerator<EventOf<Map>, undefined>
export async function* decode(
  messages: AsyncIterable<StreamEvent<string, string>>,
  by: Decoder<unknown> | Decoders<Record<string, unknown>> = JSON,
  onInvalid: OnInvalid = raise,
): AsyncGenerator<StreamEvent<string, unknown>, undefined> {
  const decoders = isDecoder(by) ? undefined : new Map(Object.entries(by))
  for await (const message of messages) {
    const decoder = isDecoder(by) ? by : decoders?.get(message.type)
    if (decoder === undefined) continue
    const event = await decodeInTime(message, decoder)
    if (event instanceof DecodeError) await onInvalid(event)
    else yield event
  }
}

function isDecoder(by: Decoder<unknown> | Decoders<Record<string, unknown>>): by is Decoder<unknown> {
  if (typeof by === 'function' || '~standard' in by) return true
  // An event type may also be named "parse": then it has a decoder like the others.
  const others = Object.entries(by).filter(([name]) => name !== 'parse')
  const isMap = others.length > 0 && !('stringify' in by) && others.every(([, other]) => isObject(other) && isDecoder(other as Decoder<unknown>))
  return typeof by.parse === 'function' && !isMap
}

function raise(error: DecodeError): never {
  throw error
}
