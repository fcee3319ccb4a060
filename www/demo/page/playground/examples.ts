/** What the form can be filled with. */
export interface Example {
  method: string
  url: string
  headers?: string
  body?: string
  /** Names of event types, separated by commas. */
  types: string
  /** The event type or the data that is the last of the stream. */
  last?: string
  reconnect?: string
  replay?: string
  idleMs?: string
}

/** What an example does not name is empty. */
export const EMPTY = {
  headers: '',
  body: '',
  last: '',
  lastEventId: '',
  reconnect: 'standard',
  replay: 'safe',
  maxAttempts: '',
  maxBackoffMs: '',
  openMs: '',
  idleMs: '',
}

const JSON_TYPE = 'content-type: application/json'

export const EXAMPLES: Record<string, Example> = {
  echo: {
    method: 'POST',
    url: 'echo?rate=10',
    headers: `${JSON_TYPE}\nauthorization: Bearer 0b5e55ed`,
    body: '{ "hello": "server" }',
    types: 'request, message',
    reconnect: 'policy',
    replay: 'always',
    idleMs: '3000',
  },
  burst: { method: 'GET', url: 'echo?rate=10000', types: 'message' },
  prices: { method: 'GET', url: 'ticker?symbols=gold,copper', types: 'tick' },
  chat: {
    method: 'POST',
    url: 'chat',
    headers: JSON_TYPE,
    body: '{ "prompt": "Count to a hundred." }',
    types: 'message',
    last: '[DONE]',
  },
  graphql: {
    method: 'POST',
    url: 'graphql',
    headers: JSON_TYPE,
    body: '{ "query": "subscription { countdown(from: 60) }" }',
    types: 'next, complete',
    last: 'complete',
  },
}
