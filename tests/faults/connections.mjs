import assert from 'node:assert/strict'

/**
 * No request of a source came while its last one could still bring anything. The server may hear of a connection that
 * the client ended a little later than of the next one: `hearsayMs`.
 */
export async function assertOneConnectionAtATime({ exchanges }, hearsayMs = 0) {
  for (const [index, { over }] of exchanges.slice(0, -1).entries()) {
    const early = await over - exchanges[index + 1].request.arrivedAt
    assert.ok(early <= hearsayMs, `request ${index + 1} came ${early} ms before ${index} was over`)
  }
}
