import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { hold, reply, stream } from '../e2e/endpoint.mjs'
import { withApis } from './apis.mjs'
import { kindOf } from './clients.mjs'
import { afterEveryByte } from './stage.mjs'
import { wires } from './wires.mjs'

const apis = withApis()

/** Declares the tests of a client with our `fetch` (see clients.mjs) on the wire of its API. */
export function prove({ name, wire, retries = true, make }) {
  describe(name, () => {
    const { events, ending, failure } = wires[wire]
    const whole = Buffer.from(events.join(''))
    const enough = Buffer.byteLength(events.slice(0, ending).join(''))
    const asked = (...replies) => ({ headers: apis.endpoint(...replies).headers, maxRetries: 0 })
    const said = ({ constructor, name, status, statusCode, message }) => [constructor.name, name, status ?? statusCode, message]
    /** The error of the client with our `fetch`, which is the same as without it. */
    const ownError = async (answer) => {
      const [ours, plain] = await Promise.all([ask, await make(true)].map(async (ask) => (await ask(asked(answer))).error))
      assert.deepEqual(said(ours), said(plain))
      return ours
    }
    let ask
    before(async () => { ask = await make(false) })

    test('whole', async () => {
      assert.deepEqual(await ask(asked(stream(whole))), { text: 'Hello' })
    })

    test('cut after every byte, it never mistakes a part for the whole', async () => {
      await afterEveryByte(whole, async (part) => {
        // A request that resumes is refused the rest.
        const { text, error } = await ask(asked(stream(part), reply(404)))
        const where = `${part.length} of ${whole.length} bytes: ${text}, ${error}`
        if (part.length >= enough) assert.deepEqual({ text, error }, { text: 'Hello', error: undefined }, where)
        else assert.ok('Hello'.startsWith(text) && ['truncated', 'http'].includes(kindOf(error)), where)
      })
    })

    test('silent', async () => {
      const { text, error } = await ask(asked(hold(...events.slice(0, ending - 1)), reply(404)))
      assert.ok('Hello'.startsWith(text))
      assert.ok(['timeout', 'http'].includes(kindOf(error)), error?.message)
    })

    test('an error inside a 200 is the error of the client', async () => {
      assert.match(inspect(await ownError(hold(...failure))), /overloaded/)
    })

    test('429 with Retry-After', async () => {
      const endpoint = apis.endpoint(reply(429, { 'retry-after': '1', 'content-type': 'application/json' }, '{"error":{"message":"slow down"}}'), stream(whole))
      const { text, error } = await ask(endpoint)
      assert.deepEqual([text, endpoint.requests.length], retries ? ['Hello', 2] : ['', 1])
      if (retries) assert.ok(endpoint.requests[1].arrivedAt - endpoint.requests[0].arrivedAt > 900)
      else assert.match(error.message, /slow down/)
    })

    test('400 with JSON is the error of the client', async () => {
      const refused = reply(400, { 'content-type': 'application/json' }, '{"type":"error","error":{"message":"no such model","type":"invalid_request_error"}}')
      assert.match((await ownError(refused)).message, /no such model/)
    })

    test('aborted by the caller', async () => {
      const outcomes = []
      for (const asking of [ask, await make(true)]) {
        const endpoint = apis.endpoint(hold(...events.slice(0, ending - 1)))
        const controller = new AbortController()
        const answer = asking({ headers: endpoint.headers, signal: controller.signal })
        const exchange = await endpoint.exchange(0)
        // The client has begun to read.
        await new Promise((resolve) => { setTimeout(resolve, 100) })
        controller.abort()
        const { error } = await answer
        await exchange.closed
        outcomes.push(error?.name)
      }
      assert.equal(outcomes[0], outcomes[1])
    })
  })
}
