import { setInterval } from 'node:timers/promises'
import { answerTokens } from './answers.mjs'
import { lastNumber, startEventStream } from './event-stream.mjs'

/**
 * An answer to `{ "prompt": … }` as language models send it: JSON data with one token each, and `data: [DONE]` at the end.
 * Beyond them every token has an id, so that a broken answer goes on after `Last-Event-ID`.
 */
export async function chat(req, res) {
  const { prompt, intervalMs = 60 } = req.body ?? {}
  if (typeof prompt !== 'string' || !(intervalMs >= 1 && intervalMs <= 10_000)) {
    res.status(400).json({ error: 'prompt: a string; intervalMs: 1 to 10000' })
    return
  }

  const tokens = answerTokens(prompt)
  let number = lastNumber(req.get('last-event-id'))
  startEventStream(res)
  for await (const _ of setInterval(intervalMs)) {
    if (res.writableEnded || res.destroyed) return
    if (number >= tokens.length) break
    const data = JSON.stringify({ token: tokens[number] })
    number += 1
    res.write(`id: ${number}\ndata: ${data}\n\n`)
  }
  res.end('data: [DONE]\n\n')
}
