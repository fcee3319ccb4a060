/** What decoders make of messages, in types. Compiled, never run. */
import { EventSource } from 'eventsource-wasm'
import { base64, base64url, decode, decoded, type DecodeError, type StreamEvent } from 'eventsource-wasm/decode'
import * as valibot from 'valibot'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const equal = <A, B>(_proof: Equal<A, B>): void => {}

interface Price { symbol: string, value: number }
const PriceSchema = valibot.object({ symbol: valibot.string(), value: valibot.number() })
const source = new EventSource<{ price: string }>('/prices')

// A listener gets what its decoder makes, on any class of event sources.
source.addEventListener('price', decoded(PriceSchema, (event) => equal<typeof event, StreamEvent<string, Price>>(true)))
source.addEventListener('count', decoded(Number, ({ data }) => equal<typeof data, number>(true)))
source.onmessage = decoded<Price>(JSON, ({ data }) => equal<typeof data, Price>(true), (error) => equal<typeof error, DecodeError>(true))
new globalThis.EventSource('/prices').addEventListener('price', decoded(PriceSchema, ({ data }) => data.symbol))

source.addEventListener('price', decoded(base64, ({ data }) => equal<typeof data, Uint8Array<ArrayBuffer>>(true)))

// A loop gets them as well: by one decoder, JSON by default, or by one for each type.
const messages = source.messages()
for await (const { data } of decode(messages)) equal<typeof data, unknown>(true)
for await (const { data } of decode<Price>(messages)) equal<typeof data, Price>(true)
for await (const { type, data } of decode(messages, PriceSchema)) {
  equal<typeof type, string>(true)
  equal<typeof data, Price>(true)
}
const AsyncSchema = valibot.pipeAsync(valibot.number(), valibot.checkAsync(async () => true))
for await (const { data } of decode(messages, AsyncSchema, (error) => error.issues)) equal<typeof data, number>(true)
for await (const event of decode(messages, { price: PriceSchema, count: Number })) {
  if (event.type === 'price') equal<typeof event.data, Price>(true)
  else equal<typeof event, StreamEvent<'count', number>>(true)
}
// @ts-expect-error A decoder decodes.
decode(messages, { price: 1 })
for await (const event of decode(messages, { audio: base64url, note: String })) {
  if (event.type === 'audio') equal<typeof event.data, Uint8Array<ArrayBuffer>>(true)
}
