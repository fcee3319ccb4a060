import { after, before } from 'node:test'
import { Server } from '../e2e/server.mjs'

const { eventStreamFetch } = await import('../../pkg/dist/fetch.js')
export { eventStreamFetch }

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
