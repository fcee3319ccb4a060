import type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.js'

/** One event, its data decoded. */
export interface StreamEvent<Type extends string = string, Data = string> {
  readonly type: Type
  readonly data: Data
  /** The last event ID string at this event. */
  readonly lastEventId: string
  readonly origin: string
}

/** The events of a map from event types to data, as a union discriminated by `type`. */
export type EventOf<Map> = { [Type in keyof Map & string]: StreamEvent<Type, Map[Type]> }[keyof Map & string]

/** How the text of an event becomes data: any Standard Schema, an object with `parse` such as `JSON`, or a function. */
export type Decoder<Data> = StandardSchema<Data> | { parse(text: string): Data } | ((text: string) => Data)

/** A decoder for each event type. */
export type Decoders<Map> = { readonly [Type in keyof Map]: Decoder<Map[Type]> }

interface Reason {
  readonly cause?: unknown
  readonly issues?: readonly StandardIssue[]
}

/** One event that could not be decoded. The stream continues. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly kind = 'decode'
  /** The event as received, its data still text. */
  readonly event: StreamEvent<string, string>
  /** The issues that a schema reported; empty if the data could not even be parsed. */
  readonly issues: readonly StandardIssue[]

  constructor(event: StreamEvent<string, string>, message: string, { cause, issues = [] }: Reason = {}) {
    super(message, { cause })
    this.event = event
    this.issues = issues
  }
}

/** An event with its data decoded, or why that failed. */
export type Decoded<Data = unknown> = StreamEvent<string, Data> | DecodeError

/** Decodes the data of an event. Never throws. */
export function decodeNow<Data>(event: StreamEvent<string, string>, decoder: Decoder<Data>): Decoded<Data> {
  try {
    const result = apply(decoder, event.data)
    if (!(result instanceof Promise)) return conclude(event, result)
    // The result is already an error; a later rejection must not go unhandled.
    result.catch(() => {})
    return new DecodeError(event, 'the schema validates asynchronously, which only a loop can wait for')
  } catch (cause) {
    return failure(event, cause)
  }
}

/** The same, with support for asynchronous schemas. Never rejects. */
export async function decodeInTime<Data>(event: StreamEvent<string, string>, decoder: Decoder<Data>): Promise<Decoded<Data>> {
  try {
    return conclude(event, await apply(decoder, event.data))
  } catch (cause) {
    return failure(event, cause)
  }
}

function apply<Data>(decoder: Decoder<Data>, text: string): StandardResult<Data> | Promise<StandardResult<Data>> {
  // Checked first: a schema may also be a function, or have a `parse` method that expects a parsed value.
  if ('~standard' in decoder) return decoder['~standard'].validate(JSON.parse(text))
  return { value: typeof decoder === 'function' ? decoder(text) : decoder.parse(text) }
}

function conclude<Data>(event: StreamEvent<string, string>, result: StandardResult<Data>): Decoded<Data> {
  // Not spread: a `MessageEvent` has its members on the prototype.
  const { type, lastEventId, origin } = event
  if (result.issues === undefined) return { type, data: result.value, lastEventId, origin }
  const { issues } = result
  return new DecodeError(event, `the schema refuses the data: ${issues.map(({ message }) => message).join('; ')}`, { issues })
}

function failure(event: StreamEvent<string, string>, cause: unknown): DecodeError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new DecodeError(event, `the data cannot be decoded: ${message}`, { cause })
}
