import { after, before } from 'node:test'
import { Server } from '../e2e/server.mjs'

const { EventSource } = await import('../../pkg/dist/index.js')
const { eventStreamFetch } = await import('../../pkg/dist/fetch.js')
export { EventSource, eventStreamFetch }

/** A server for the tests of one `describe`. */
export function withServer() {
  const stage = {}
  before(async () => { stage.server = await Server.start() })
  after(() => stage.server?.close())
  return stage
}

/** The text of a body as far as it came, and what reading it threw. */
export async function readAll(response) {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of response.body) text += decoder.decode(chunk, { stream: true })
    return { text }
  } catch (error) {
    return { text, error }
  }
}

/** A server accepts only a few hundred connections at the same moment. */
const AT_ONCE = 64

/** What `play` gives for a body cut off after each of its bytes, in order. */
export async function afterEveryByte(bytes, play) {
  const results = []
  const queue = Array.from(bytes, (_, length) => length).values()
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const length of queue) results[length] = await play(bytes.subarray(0, length))
  }))
  return results
}
