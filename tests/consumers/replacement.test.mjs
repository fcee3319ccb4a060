/** The package in place of the npm package `eventsource`, by an override. */

import assert from 'node:assert/strict'
import { consumer } from './matrix.mjs'

consumer('npm override of eventsource', { folder: 'replacement', tool: 'original', core: true }, (test) => {
  test('behaves as the original does', async (of) => {
    const behaviour = async (name) => JSON.parse(await of.run('node', ['behaviour.js', name]))
    assert.deepEqual(await behaviour('eventsource'), await behaviour('original'))
  })
})

consumer('MCP SDK by an override', { folder: 'replacement', tool: '@modelcontextprotocol/sdk', core: true }, (test) => {
  test('SSEClientTransport: a call, and a token that is renewed after 401', async (of) => {
    const [line] = (await of.run('node', ['mcp.js'])).split('\n')
    assert.deepEqual(JSON.parse(line), { text: 'hello', seen: ['Bearer stale', 'Bearer fresh'] })
  })
})
