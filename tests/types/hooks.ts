/** What the hooks make of their options, in types. Compiled, never run. */
import { EventSource as SlimEventSource } from 'eventsource-wasm/slim'
import { useEventSource, useEventStream, type StreamEvent } from 'eventsource-wasm/react'
import { useEventSource as useEventSourceRefs, useEventStream as useEventStreamRefs } from 'eventsource-wasm/vue'
import * as valibot from 'valibot'
import { computed, ref } from 'vue'
import type { Signal } from '@angular/core'
import { injectEventSource, injectEventStream } from 'eventsource-wasm/angular'
import * as solid from 'eventsource-wasm/solid'
import * as svelte from 'eventsource-wasm/svelte'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const equal = <A, B>(_proof: Equal<A, B>): void => {}

interface Price { symbol: string, value: number }
const PriceSchema = valibot.object({ symbol: valibot.string(), value: valibot.number() })

// Without a decoder, data is text.
const text = useEventSource('/text')
equal<typeof text.data, string | undefined>(true)
equal<typeof text.event, StreamEvent<string, string> | undefined>(true)
equal<typeof text.eventData, string | undefined>(true)
equal<typeof text.isStopped, boolean>(true)

// No URL is no connection.
const condition: boolean = Math.random() > 1
useEventSource(condition && '/text')
const id: string = String(condition)
useEventSource(id && `/text/${id}`)
useEventSource(condition ? new URL('http://localhost/') : null)

// A decoder says what data is: a schema, a function, or a type argument for what `JSON` parses.
const bySchema = useEventSource('/prices', { parse: PriceSchema })
equal<typeof bySchema.data, Price | undefined>(true)
const byFunction = useEventSource('/numbers', { parse: Number, history: 10 })
equal<typeof byFunction.events, readonly StreamEvent<string, number>[]>(true)
const byArgument = useEventSource<Price>('/prices', { parse: JSON })
equal<typeof byArgument.data, Price | undefined>(true)

// @ts-expect-error Without a decoder it is text, whatever one wishes.
useEventSource<Price>('/prices')
// @ts-expect-error A reducer does not make it another.
useEventSource<Price, number>('/prices', { reducer: (sum, event) => sum + event.data.value, initialState: 0 })
// @ts-expect-error Nor does the list of types.
useEventStream<Price>('/prices', { types: ['price'] })
const words = useEventSource<'on' | 'off'>('/switch')
equal<typeof words.data, 'on' | 'off' | undefined>(true)
const lengths = useEventSource('/text', { types: ['a', 'b'], reducer: (sum, event) => sum + event.data.length, initialState: 0 })
equal<typeof lengths.data, number>(true)

// Decoders for each type make a union of events, told apart by `type`.
const mixed = useEventSource('/mixed', {
  types: { price: PriceSchema, count: Number },
  onEvent(event) {
    if (event.type === 'price') equal<typeof event.data, Price>(true)
    else equal<typeof event, StreamEvent<'count', number>>(true)
  },
})
equal<typeof mixed.event, StreamEvent<'price', Price> | StreamEvent<'count', number> | undefined>(true)
const byMap = useEventSource<{ price: Price, count: number }>('/mixed', { types: { price: JSON, count: JSON } })
equal<typeof byMap.event, StreamEvent<'price', Price> | StreamEvent<'count', number> | undefined>(true)

// A list of types narrows the type of events.
const listed = useEventSource('/mixed', { types: ['a', 'b'] })
equal<typeof listed.event, StreamEvent<'a', string> | StreamEvent<'b', string> | undefined>(true)
const listedNumbers = useEventSource('/mixed', { types: ['a', 'b'], parse: Number })
equal<typeof listedNumbers.event, StreamEvent<'a', number> | StreamEvent<'b', number> | undefined>(true)

// A reducer that begins with nothing says itself what comes of it.
const board = useEventSource('/prices', {
  types: { price: PriceSchema },
  reducer: (prices, { data }) => ({ ...prices, [data.symbol]: data.value }),
  initialState: {},
})
equal<typeof board.data.AAPL, number>(true)
const list = useEventSource('/text', { reducer: (lines, { data }) => [...lines, data], initialState: [] })
equal<typeof list.data, string[]>(true)
const begun = useEventSource('/text', { initialState: 'none' })
equal<typeof begun.data, string>(true)

// A reducer's state is the data, from the first rendering on; `select` has the last word.
const sum = useEventSource('/numbers', { parse: Number, reducer: (state, event) => state + event.data, initialState: 0 })
equal<typeof sum.data, number>(true)
const selected = useEventSource('/prices', { parse: PriceSchema, select: (price) => price?.value ?? 'none' })
equal<typeof selected.data, number | 'none'>(true)
// @ts-expect-error A reducer has to begin with something.
useEventSource('/numbers', { reducer: (state: number) => state + 1 })

// Errors have a kind and a message, whatever they are.
const { error } = text
if (error?.kind === 'decode') equal<typeof error.event.data, string>(true)
else if (error?.kind === 'init') equal<typeof error.message, string>(true)
else if (error !== undefined) equal<typeof error.willReconnect, boolean>(true)

// Any class that looks like an event source can be used.
useEventSource('/text', { EventSource: SlimEventSource, suspense: true })
useEventSource('/text', { EventSource: globalThis.EventSource })
// @ts-expect-error The hook closes its connection when the component goes.
useEventSource('/text', { signal: AbortSignal.timeout(1) })

const chat = useEventStream('/chat', { reducer: (reply, event) => reply + event.data, initialState: '', complete: ({ data }) => data === '[DONE]' })
equal<typeof chat.data, string>(true)
chat.send(JSON.stringify({ say: 'hello' }))
const reply: Promise<string> = chat.send({ say: 'hello' }, { headers: { 'x-test': 'a' } })
reply.then((text) => text.length)
chat.stop()
// @ts-expect-error The body is given to `send`.
useEventStream('/chat', { body: '' })
// @ts-expect-error It never repeats a request.
useEventStream('/chat', { reconnect: true })

// Vue: refs of the same, from refs, getters and values.
const symbol = ref('X')
const refs = useEventSourceRefs(() => `/prices/${symbol.value}`, { parse: PriceSchema })
equal<typeof refs.data.value, Price | undefined>(true)
const computedRefs = useEventSourceRefs(computed(() => (symbol.value === '' ? null : '/numbers')), () => ({ parse: Number, headers: { 'x-symbol': symbol.value } }))
equal<typeof computedRefs.data.value, number | undefined>(true)
const mixedRefs = useEventSourceRefs('/mixed', { types: { price: PriceSchema, count: Number } })
equal<typeof mixedRefs.event.value, StreamEvent<'price', Price> | StreamEvent<'count', number> | undefined>(true)
const chatRefs = useEventStreamRefs('/chat', { reducer: (reply, event) => reply + event.data, initialState: '' })
equal<typeof chatRefs.data.value, string>(true)
useEventSourceRefs('/text', { headers: computed(() => ({ authorization: symbol.value })), enabled: ref(true), history: () => 1 })
// @ts-expect-error Without a decoder it is text.
useEventSourceRefs<Price>('/prices')
const pricesOfStream = useEventStreamRefs<Price>('/prices', () => ({ parse: JSON }))
equal<typeof pricesOfStream.data.value, Price | undefined>(true)
// @ts-expect-error What a composable returns is read.
refs.data.value = undefined

// Tabs share what has a key that says who is logged in, if anybody is.
const user: { id: string } | undefined = Math.random() > 1 ? { id: 'ann' } : undefined
const role = useEventSource('/text', { share: user?.id }).role
if (role !== undefined) equal<typeof role, 'joining' | 'leading' | 'following' | 'alone' | 'away' | 'over'>(true)
// @ts-expect-error A reply is for one tab.
useEventStream('/chat', { share: 'ann' })

// Svelte and Solid: the values themselves, from values and functions.
for (const { useEventSource, useEventStream } of [svelte, solid]) {
  const prices = useEventSource(() => `/prices/${symbol.value}`, { parse: PriceSchema })
  equal<typeof prices.data, Price | undefined>(true)
  const board = useEventSource(condition && '/prices', () => ({
    types: { price: PriceSchema },
    reducer: (prices, { data }) => ({ ...prices, [data.symbol]: data.value }),
    initialState: {},
  }))
  equal<typeof board.data.AAPL, number>(true)
  const listed = useEventSource('/mixed', { types: ['a', 'b'] })
  equal<typeof listed.event, StreamEvent<'a', string> | StreamEvent<'b', string> | undefined>(true)
  const chat = useEventStream('/chat', { reducer: (reply, event) => reply + event.data, initialState: '', messages: [] })
  const reply: Promise<string> = chat.send('Hello')
  reply.then(() => chat.messages.at(-1)?.role)
  // @ts-expect-error Without a decoder it is text.
  useEventSource<Price>('/prices')
  // @ts-expect-error What a hook returns is read.
  prices.data = undefined
}

// Angular: signals.
const signals = injectEventSource(() => `/prices/${symbol.value}`, () => ({ parse: PriceSchema }))
equal<typeof signals.data, Signal<Price | undefined>>(true)
equal<typeof signals.status extends Signal<infer Status> ? Status : never, typeof text.status>(true)
const signalsOfMap = injectEventSource<{ price: Price, count: number }>('/mixed', { types: { price: JSON, count: JSON } })
equal<typeof signalsOfMap.event, Signal<StreamEvent<'price', Price> | StreamEvent<'count', number> | undefined>>(true)
const signalsOfChat = injectEventStream('/chat', { reducer: (reply, event) => reply + event.data, initialState: '' })
equal<typeof signalsOfChat.data, Signal<string>>(true)
signalsOfChat.send({ say: 'hello' }).then((text) => text.length)
