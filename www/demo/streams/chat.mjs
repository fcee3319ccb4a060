import { answerTokens } from './answers.mjs'
import { badRequest, eventStream, lastNumber, parametersOf } from './event-stream.mjs'
import { pause } from './pause.mjs'

/**
 * An answer to `{ "prompt": … }` as language models send it: JSON data with one token each, and `data: [DONE]` at the end.
 * Beyond them every token has an id, so that a broken answer goes on after `Last-Event-ID`, by POST or GET; not with
 * `"ids": false`.
 */
export async function chat(request) {
  const { prompt, intervalMs = 60, ids = true } = await parametersOf(request)
  if (typeof prompt !== 'string' || !(intervalMs >= 1 && intervalMs <= 10_000)) {
    return badRequest('prompt: a string; intervalMs: 1 to 10000')
  }
  return eventStream(answer(answerTokens(prompt), Number(intervalMs), lastNumber(request), ids))
}

async function* answer(tokens, intervalMs, last, hasIds) {
  for (const [index, token] of tokens.entries()) {
    if (index < last) continue
    await pause(intervalMs)
    yield `${hasIds ? `id: ${index + 1}\n` : ''}data: ${JSON.stringify({ token })}\n\n`
  }
  yield 'data: [DONE]\n\n'
}
