/** @jest-environment jest-fixed-jsdom */

const { EventSource } = require('eventsource-wasm')
const { play } = require('./play.js')

test('hears all events', async () => {
  expect(await play(EventSource, process.env.SERVER)).toBe(process.env.EXPECTED)
})
