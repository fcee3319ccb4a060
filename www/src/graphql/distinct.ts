import type { Emit } from './events.js'
import { isMutation } from './mutation.js'
import { resultsOf, type Results } from './results.js'
import { openSource, reopen, urlOf, type Opened, type Settings } from './source.js'
import type { GraphQLRequest } from './types.js'

/** How a client connects. */
export interface Mode {
  /** Starts an operation. Its results end when `dispose` is called. */
  start(request: GraphQLRequest, emit: Emit): Results
  reconnect(): void
  dispose(): void
}

/** Every operation has a connection of its own. */
export class DistinctMode implements Mode {
  readonly #settings: Settings
  readonly #open = new Set<{ source: Opened['source'], isMutation: boolean }>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  start(request: GraphQLRequest, emit: Emit): Results {
    const opened = openOperation(this.#settings, request, emit)
    const { source } = opened
    const entry = { source, isMutation: isMutation(request) }
    this.#open.add(entry)
    const forget = (): void => { this.#open.delete(entry) }
    source.closed.then(forget, forget)
    return resultsOf(opened)
  }

  reconnect(): void {
    for (const { source, isMutation } of this.#open) {
      if (!isMutation) reopen(source)
    }
  }

  dispose(): void {
    for (const { source } of this.#open) source.close()
  }
}

/** Makes the request of an operation. */
export function openOperation(settings: Settings, request: GraphQLRequest, emit: Emit): Opened {
  const isOnce = isMutation(request)
  // [spec] GraphQL over HTTP: GET requests must not be used for mutations.
  const method = isOnce ? 'POST' : settings.method ?? 'POST'
  const url = urlOf(settings, request)
  const json = { ...request, operationKind: undefined }
  const sent = method === 'GET' ? { url: withParameters(url, json), init: { method } } : { url, init: { method, json } }
  return openSource(settings, { ...sent, request, isMutation: isOnce, emit, complete: ({ type }) => type === 'complete' })
}

/** [spec] GraphQL over HTTP: strings unchanged, the rest as JSON. */
function withParameters(url: string, parameters: object): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters) as [string, unknown][]) {
    if (value !== undefined && value !== null) query.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  const [target] = url.split('#') as [string]
  return `${target}${target.includes('?') ? '&' : '?'}${query}`
}
