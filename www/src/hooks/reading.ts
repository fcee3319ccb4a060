import { DecodeError } from '../decode/decoding.js'
import { call } from '../platform/call.js'
import { isPlain } from './plain.js'
import type { Connection, Message } from './connection.js'
import type { Decoder, SourceOptions, StreamEvent } from './types.js'

export type AnyEvent = StreamEvent<string, unknown>
/** The outcome of one event. */
export type Taken = AnyEvent | DecodeError | undefined

/**
 * Decodes and accumulates the events of a connection for one set of options: once for all components with the same
 * options. It outlives the connection: one that resumes it continues the reading.
 */
export class Reading {
  readonly types: readonly string[]
  /** How many stores show it. */
  users = 0
  /** The position of the last event that was taken. */
  order = 0
  event: AnyEvent | undefined
  data: unknown
  error: DecodeError | undefined
  /** The outcome of the last event; `undefined` if it was ignored. */
  taken: Taken
  #history: AnyEvent[] = []
  #options: SourceOptions

  constructor(options: SourceOptions) {
    this.types = typesOf(options)
    this.#options = options
    this.data = options.initialState
  }

  /** Whether these options read every event alike. Functions are compared by identity. */
  fits(options: SourceOptions): boolean {
    const mine = this.#options
    return mine.reducer === options.reducer && mine.history === options.history &&
      isSameStart(mine.initialState, options.initialState) && hasSameTypes(mine, options) &&
      this.types.every((type) => decoderOf(mine, type) === decoderOf(options, type))
  }

  /** Continues with these options: itself, or a copy if `others` keep theirs. */
  configured(options: SourceOptions, others: number): Reading {
    if (others > 0 && this.fits(options)) return this
    const reading = others > 0 ? this.copy() : this
    // The initial state was not known when it was made.
    if (this.order === 0) reading.data ??= options.initialState
    reading.#options = options
    return reading
  }

  copy(): Reading {
    const copy = new Reading(this.#options)
    copy.order = this.order
    copy.event = this.event
    copy.data = this.data
    copy.error = this.error
    copy.#history = [...this.#history]
    return copy
  }

  get events(): readonly AnyEvent[] {
    const { history = 0 } = this.#options
    return history === 0 ? noEvents : this.#history.slice(-history)
  }

  /** Decodes and accumulates, once for each event. */
  take(message: Message, connection: Connection): void {
    if (message.order <= this.order || !this.types.includes(message.event.type)) return
    this.order = message.order
    this.taken = this.#accumulate(message, connection)
  }

  /** The event with its data decoded; `undefined` for an end marker that is not data, such as `[DONE]`. */
  decode(message: Message, connection: Connection): Taken {
    const { event } = message
    const decoded = connection.decode(message, decoderOf(this.#options, event.type))
    return decoded instanceof DecodeError && this.#isMarker(event) ? undefined : decoded
  }

  #isMarker(event: StreamEvent): boolean {
    const verdict = call(this.#options.complete, event as MessageEvent<string>)
    return verdict === true || verdict === 'ending' || verdict instanceof Error
  }

  #accumulate(message: Message, connection: Connection): Taken {
    const { history = 0, reducer } = this.#options
    const event = this.decode(message, connection)
    if (event === undefined) return undefined
    this.error = event instanceof DecodeError ? event : undefined
    if (event instanceof DecodeError) return event
    this.event = event
    this.#history.push(event)
    // Keeps up to twice as many as are shown, so that not every event shortens the list.
    if (this.#history.length > 2 * history) this.#history = history === 0 ? [] : this.#history.slice(-history)
    if (reducer === undefined) this.data = event.data
    else call(() => { this.data = reducer(this.data, event) })
    return event
  }
}

const noEvents: readonly AnyEvent[] = []

/** The event types that options ask for. */
export function typesOf({ types = ['message'] }: SourceOptions): readonly string[] {
  return isList(types) ? types : Object.keys(types)
}

/** Whether two sets of options ask for the same types, in any order. */
export function hasSameTypes(one: SourceOptions, other: SourceOptions): boolean {
  const sorted = [one, other].map((options) => JSON.stringify([...typesOf(options)].sort()))
  return sorted[0] === sorted[1]
}

/** Empty inline objects and lists are equal. */
function isSameStart(one: unknown, other: unknown): boolean {
  return Object.is(one, other) || (isEmpty(one) && isEmpty(other) && Array.isArray(one) === Array.isArray(other))
}

function isEmpty(value: unknown): boolean {
  return isPlain(value) && Object.keys(value).length === 0
}

function decoderOf({ types = [], parse }: SourceOptions, type: string): Decoder<unknown> | undefined {
  return isList(types) || !Object.hasOwn(types, type) ? parse : types[type] ?? parse
}

function isList(types: NonNullable<SourceOptions['types']>): types is readonly string[] {
  return Array.isArray(types)
}
