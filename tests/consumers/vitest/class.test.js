import { expect, test } from 'vitest'
import { EventSource } from 'eventsource-wasm'
import { play } from './play.js'

test('hears all events', async () => {
  expect(await play(EventSource, process.env.SERVER)).toBe(process.env.EXPECTED)
})
