import assert from 'node:assert/strict'

/** No request of a source came while its last one could still bring anything. */
export async function assertOneConnectionAtATime({ exchanges }) {
  for (const [index, { over }] of exchanges.slice(0, -1).entries()) {
    assert.ok(await over <= exchanges[index + 1].request.arrivedAt, `request ${index + 1} came while ${index} was open`)
  }
}
