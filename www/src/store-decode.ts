import type { StandardIssue, StandardSchema } from './standard-schema.js'
import type { Decoder, StreamEvent } from './store-types.js'

interface Reason {
  readonly cause?: unknown
  readonly issues?: readonly StandardIssue[]
}

/** One event that could not be decoded. The stream goes on. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly kind = 'decode'
  /** The event as it came, its data still text. */
  readonly event: StreamEvent<string, string>
  /** What a schema found wrong; empty if the data could not even be parsed. */
  readonly issues: readonly StandardIssue[]

  constructor(event: StreamEvent<string, string>, message: string, { cause, issues = [] }: Reason = {}) {
    super(message, { cause })
    this.event = event
    this.issues = issues
  }
}

/** An event with its data decoded, or why that failed. */
export type Decoded = StreamEvent<string, unknown> | DecodeError

/** Decodes the data of an event. Never throws. */
export function decode(event: StreamEvent<string, string>, decoder: Decoder<unknown> | undefined): Decoded {
  if (decoder === undefined) return event
  try {
    if (isSchema(decoder)) return validate(event, decoder)
    const data = typeof decoder === 'function' ? decoder(event.data) : decoder.parse(event.data)
    return { ...event, data }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    return new DecodeError(event, `the data cannot be decoded: ${message}`, { cause })
  }
}

function validate(event: StreamEvent<string, string>, schema: StandardSchema<unknown>): Decoded {
  const result = schema['~standard'].validate(JSON.parse(event.data))
  if (result instanceof Promise) {
    return new DecodeError(event, 'the schema validates asynchronously, which an event stream cannot wait for')
  }
  if (result.issues === undefined) return { ...event, data: result.value }
  const { issues } = result
  return new DecodeError(event, `the schema refuses the data: ${issues.map(({ message }) => message).join('; ')}`, { issues })
}

/** Asked first: a schema may also be a function, or have a method `parse` that wants a parsed value. */
function isSchema(decoder: Decoder<unknown>): decoder is StandardSchema<unknown> {
  return '~standard' in decoder
}
