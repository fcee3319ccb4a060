/** The functions for `complete` that docs/llm.md shows, on the wires of their APIs. */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hold, stream } from '../e2e/endpoint.mjs'
import { EventSource, afterEveryByte, withServer } from './stage.mjs'
import { fromPage } from './page.mjs'
import { wires } from './wires.mjs'

const recipes = [
  { api: 'OpenAI chat completions', wire: 'chatCompletions', name: 'chatCompletions' },
  { api: 'OpenRouter', wire: 'openRouter', name: 'chatCompletions' },
  { api: 'OpenAI Responses', wire: 'responses', name: 'responses' },
  { api: 'Anthropic', wire: 'anthropic', name: 'anthropicMessages' },
  { api: 'Gemini', wire: 'gemini', name: 'gemini', isMade: true },
  { api: 'AI SDK', wire: 'aiSdk', name: 'uiMessages' },
]

for (const { api, wire, name, isMade } of recipes) {
  describe(`complete of ${api}`, async () => {
    const stage = withServer()
    const { events, ending, failure } = wires[wire]
    const recipe = await fromPage(name)
    /** How a stream of this body ended: its way, or the kind of its error. */
    const ended = async (answer, timeouts = {}) => {
      const complete = isMade ? recipe() : recipe
      const source = new EventSource(stage.server.endpoint([answer]).url, { json: {}, complete, timeouts })
      return source.closed.catch((error) => error.cause?.kind ?? error)
    }

    test('whole', async () => {
      assert.equal(await ended(stream(...events)), 'complete')
    })

    test('cut after every byte', async () => {
      const whole = Buffer.from(events.join(''))
      const enough = Buffer.byteLength(events.slice(0, ending).join(''))
      // Of the last line end, CR is enough.
      const isWhole = (length) => length >= enough || (length === enough - 1 && whole[length - 1] === 13)
      const outcomes = await afterEveryByte(whole, (part) => ended(stream(part)))
      assert.deepEqual(outcomes, Array.from(whole, (_, length) => (isWhole(length) ? 'complete' : 'truncated')))
    })

    test('an error inside', async () => {
      const error = await ended(hold(...failure))
      assert.deepEqual([error.name, error.message], ['Error', 'overloaded'])
    })

    test('silence', async () => {
      assert.equal(await ended(hold(...events.slice(0, ending - 1)), { idleMs: 200 }), 'timeout')
    })
  })
}

describe('what only some servers send', async () => {
  const stage = withServer()
  const made = { chatCompletions: await fromPage('chatCompletions'), gemini: (await fromPage('gemini')), uiMessages: await fromPage('uiMessages'), responses: await fromPage('responses') }
  const data = (...parts) => parts.map((part) => `data: ${JSON.stringify(part)}\n\n`)

  for (const [name, complete, answer, outcome, init] of [
    ['OpenAI: [DONE] alone', made.chatCompletions, hold('data: [DONE]\n\n'), 'complete'],
    ['OpenAI: no [DONE]', made.chatCompletions, stream(...wires.chatCompletions.events.slice(0, 4)), 'complete'],
    ['OpenAI: an error without a type', made.chatCompletions, hold(...data({ error: 'no memory' })), 'no memory'],
    ['OpenAI Responses: incomplete', made.responses, hold('event: response.incomplete\ndata: {}\n\n'), 'complete'],
    ['OpenAI Responses: an error event', made.responses, hold('event: error\ndata: {"type":"error","message":"overloaded"}\n\n'), 'overloaded'],
    ['Gemini: a blocked prompt', made.gemini(), hold(...data({ promptFeedback: { blockReason: 'SAFETY' } })), 'The prompt was blocked: SAFETY'],
    ['Gemini: the finish reason beside the text', made.gemini(), stream(...data({ candidates: [{ content: { parts: [{ text: 'a' }] }, finishReason: 'STOP' }] })), 'complete'],
    ['Gemini: STOP and nothing else', made.gemini(), stream(...data({ candidates: [{ finishReason: 'STOP' }] })), 'truncated'],
    ['Gemini: SAFETY and nothing else', made.gemini(), stream(...data({ candidates: [{ finishReason: 'SAFETY' }] })), 'complete'],
    ['Gemini: no last blank line', made.gemini(), stream(data({ candidates: [{ content: { parts: [{}] }, finishReason: 'STOP' }] })[0].trimEnd()), 'complete', { interpret: { unterminated: true } }],
    ['AI SDK: [DONE] without finish', made.uiMessages, stream(...wires.aiSdk.events.slice(0, 5), 'data: [DONE]\n\n'), 'truncated'],
    ['AI SDK: aborted', made.uiMessages, stream(...data({ type: 'abort' })), 'complete'],
  ]) {
    test(name, async () => {
      const source = new EventSource(stage.server.endpoint([answer]).url, { json: {}, complete, ...init })
      assert.equal(await source.closed.catch((error) => error.cause?.kind ?? error.message), outcome)
    })
  }
})
