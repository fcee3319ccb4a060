import type { StandardIssue, StandardSchema } from './standard-schema.js'
import type { Decoder, StreamEvent } from './store-types.js'

/** One event that could not be decoded. The stream goes on. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly kind = 'decode'
  /** The event as it came, its data still text. */
  readonly event: StreamEvent<string, string>
  /** What a schema found wrong; empty if the data could not even be parsed. */
  readonly issues: readonly StandardIssue[]

  constructor(event: StreamEvent<string, string>, message: string, { cause, issues = [] }: { cause?: unknown, issues?: readonly StandardIssue[] }) {
    super(message, { cause })
    this.event = event
    this.issues = issues
  }
}

/** Decodes the data of an event; the failure is returned, so that an application's error can be told from ours. */
export function decode(event: StreamEvent<string, string>, decoder: Decoder<unknown> | undefined): StreamEvent<string, unknown> | DecodeError {
  if (decoder === undefined) return event
  try {
    if (!isSchema(decoder)) {
      const data = typeof decoder === 'function' ? decoder(event.data) : decoder.parse(event.data)
      return { ...event, data }
    }
    const result = decoder['~standard'].validate(JSON.parse(event.data))
    if (result instanceof Promise) return new DecodeError(event, 'the schema validates asynchronously, which an event stream cannot wait for', {})
    if (result.issues !== undefined) return new DecodeError(event, `the schema refuses the data: ${result.issues.map(({ message }) => message).join('; ')}`, result)
    return { ...event, data: result.value }
  } catch (cause) {
    return new DecodeError(event, `the data cannot be decoded: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** Asked first: a schema may also be a function, or have a method `parse` that wants a parsed value. */
function isSchema(decoder: Decoder<unknown>): decoder is StandardSchema<unknown> {
  return '~standard' in decoder
}
