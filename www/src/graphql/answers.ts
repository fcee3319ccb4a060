import { EventSource } from '../index.js'
import { errorsOf } from './stream-error.js'
import type { GraphQLFormattedError } from './types.js'

type Fetch = typeof globalThis.fetch

/** Limit for an error body. */
const MAX_BYTES = 256 * 1024
/** An error body mostly arrives with the head, and a silent stream may never end. */
const MAX_MS = 1000

/** The media types of GraphQL responses. The group matches if it is JSON. */
const MEDIA_TYPE = /^\s*(?:text\/event-stream|(application\/(?:graphql-response\+)?json))\s*(?:;|$)/i

/** Converts other responses to event streams, and keeps the errors of refused requests. */
export class Answers {
  /** The errors of the last response. */
  errors: readonly GraphQLFormattedError[] | undefined
  readonly fetch: Fetch

  /** `isOperation`: JSON is a result, and not the refusal of a stream. */
  constructor(fetch: Fetch, isOperation: boolean) {
    this.fetch = async (input, init) => {
      this.errors = undefined
      const response = await fetch(input, init)
      const { status, headers } = response
      const [isGraphQL, isJson] = MEDIA_TYPE.exec(headers.get('content-type') ?? '') ?? []
      if (isJson && isOperation && status >= 200 && status < 300) return eventStream(`event:next\ndata:${oneLine(await response.text())}\n\nevent:complete\n\n`)
      if (!isGraphQL || (status === 200 && !isJson)) return response
      const text = await beginning(response)
      this.errors = await errorsIn(text, Boolean(isJson))
      return { status, headers, body: new Response(text).body } as Response
    }
  }
}

/** A response whose body is the event stream. */
export function eventStream(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } })
}

/** Between two tokens of JSON, a line end is as good as a space. */
function oneLine(json: string): string {
  return json.replace(/[\r\n]/g, ' ')
}

async function errorsIn(text: string, isJson: boolean): Promise<Answers['errors']> {
  try {
    return errorsOf(JSON.parse(isJson ? text : await firstData(text)))
  } catch {
    return undefined
  }
}

/** The data of the first event, whose last blank line may be missing. */
async function firstData(text: string): Promise<string> {
  const source = EventSource.fromReadableStream(new Response(`${text}\n\n`).body as ReadableStream<Uint8Array<ArrayBuffer>>)
  const { value } = await source.messages().next()
  source.close()
  return value?.data ?? ''
}

/** The text of a body that arrives in time. If the body breaks off, the text up to there. */
async function beginning({ body }: Response): Promise<string> {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  const stop = (): void => { reader?.cancel().catch(() => {}) }
  const timer = setTimeout(stop, MAX_MS)
  let text = ''
  try {
    for (let left = MAX_BYTES; left > 0;) {
      const { value } = await reader?.read() ?? {}
      if (value === undefined) break
      left -= value.length
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    // The text so far may be enough.
  }
  clearTimeout(timer)
  stop()
  return text
}
