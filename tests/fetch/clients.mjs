import { fromPage, imported } from './page.mjs'

/** A timeout short enough for tests, instead of the page's. */
const SOON = { '30_000': '300' }

/**
 * Published clients with the `fetch` that docs/llm.md gives them, or `plain`, with the platform's. Each asks for a reply with
 * `{ headers, signal, maxRetries }` and returns `{ text, error }`: the reply as far as it came, and what the client threw or reported.
 */
export const clients = [
  {
    name: 'openai, chat completions',
    wire: 'chatCompletions',
    make: async (isPlain) => {
      const client = await made('openai', isPlain)
      return async (options) => collected(
        () => client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true }, options),
        (chunk) => chunk.choices[0]?.delta.content,
      )
    },
  },
  {
    name: 'openai, chat completions of OpenRouter',
    wire: 'openRouter',
    make: (isPlain) => clients[0].make(isPlain),
  },
  {
    name: 'openai, Responses',
    wire: 'responses',
    make: async (isPlain) => {
      const client = await made('background', isPlain)
      return async (options) => collected(
        () => client.responses.create({ model: 'm', input: 'Hi', stream: true }, options),
        ({ type, delta, response }) => {
          if (type === 'response.failed') throw new Error(response.error.message)
          return type === 'response.output_text.delta' && delta
        },
      )
    },
  },
  {
    name: '@anthropic-ai/sdk',
    wire: 'anthropic',
    make: async (isPlain) => {
      const client = await made('anthropic', isPlain)
      return async (options) => collected(
        () => client.messages.create({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }], stream: true }, options),
        ({ type, delta }) => type === 'content_block_delta' && delta.text,
      )
    },
  },
  {
    name: 'ai with @ai-sdk/openai',
    wire: 'responses',
    make: async (isPlain) => {
      const provider = await made('provider', isPlain)
      const { streamText } = await imported('ai')
      return async ({ headers, signal, maxRetries }) => collected(
        () => streamText({ model: provider('m'), prompt: 'Hi', headers, maxRetries, abortSignal: signal, onError: () => {} }).fullStream,
        (part) => {
          if (part.type === 'error') throw part.error
          return part.type === 'text-delta' && part.text
        },
      )
    },
  },
  {
    name: 'ai, DefaultChatTransport',
    wire: 'aiSdk',
    retries: false,
    make: async (isPlain) => {
      const transport = await made('transport', isPlain, { "'/api/chat'": "process.env.OPENAI_BASE_URL + '/chat'" })
      const messages = [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] }]
      return async ({ headers, signal }) => collected(
        () => transport.sendMessages({ chatId: '1', trigger: 'submit-message', messages, headers, abortSignal: signal }),
        (part) => {
          if (part.type === 'error') throw new Error(part.errorText)
          return part.type === 'text-delta' && part.delta
        },
      )
    },
  },
]

/** The client of the page, or the same without its `fetch`. */
const made = (name, isPlain, replaced = {}) => fromPage(name, { ...SOON, ...replaced, ...(isPlain && { 'fetch: eventStreamFetch': 'ignored: eventStreamFetch' }) })

async function collected(ask, textOf) {
  let text = ''
  try {
    for await (const part of await ask()) text += textOf(part) || ''
    return { text }
  } catch (error) {
    return { text, error }
  }
}

/** The kind of the failure behind an error. */
export function kindOf(error) {
  return error && (error.kind ?? kindOf(error.cause ?? error.lastError))
}
