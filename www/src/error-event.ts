import type { ErrorKind, EventSourceErrorEvent } from './types.js'

/** What an `error` event says beyond being one. */
export type ErrorDetails = Omit<EventSourceErrorEvent, keyof Event>

const sentences: Record<ErrorKind, (details: { status: number | undefined, contentType: string | null }) => string> = {
  network: () => 'the request failed or its body broke off',
  end: () => 'the server ended the event stream',
  request: () => 'a function of the init failed',
  http: ({ status }) => `the status is ${status}, not 200`,
  mime: ({ contentType }) => `the content type is ${contentType ?? 'missing'}, not text/event-stream`,
  limit: () => 'an event is larger than limits.maxEventBytes',
  wasm: () => 'WebAssembly cannot be used here',
}

/** Describes the end of an attempt. */
export function errorDetails(
  kind: ErrorKind,
  attempt: number,
  response: Response | undefined,
  cause: unknown,
  delayMs?: number,
): ErrorDetails {
  const status = response?.status
  const contentType = response?.headers.get('content-type') ?? null
  return {
    kind,
    message: sentences[kind]({ status, contentType }),
    status,
    attempt,
    willReconnect: delayMs !== undefined,
    delayMs,
    cause,
  }
}

/** Makes the `error` event. The class is made on first use: importing must work where there is no `Event`. */
export function errorEvent(details: ErrorDetails): EventSourceErrorEvent {
  return Object.assign(new Event('error'), details)
}
