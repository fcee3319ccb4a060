/** HTML 9.2.2: what the constructor accepts, and the state of a source before anything has happened. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryEngine } from './stage.mjs'

const constructions = [
  { name: 'a path', construct: (EventSource) => new EventSource('/endpoint/none') },
  { name: 'a relative URL', construct: (EventSource) => new EventSource('none?a=1#b') },
  { name: 'an absolute URL', construct: (EventSource) => new EventSource('http://127.0.0.1:1/none') },
  { name: 'a URL object', construct: (EventSource) => new EventSource(new URL('/none', location.href)) },
  { name: 'an empty string', construct: (EventSource) => new EventSource('') },
  { name: 'null', construct: (EventSource) => new EventSource(null) },
  { name: 'undefined', construct: (EventSource) => new EventSource(undefined) },
  { name: 'a number', construct: (EventSource) => new EventSource(1) },
  { name: 'a URL with spaces around', construct: (EventSource) => new EventSource('  /none ') },
  { name: 'a URL that cannot be parsed', construct: (EventSource) => new EventSource('http://[') },
  { name: 'a URL with an impossible port', construct: (EventSource) => new EventSource('http://a:99999/') },
  { name: 'no argument', construct: (EventSource) => new EventSource() },
  { name: 'no new', construct: (EventSource) => EventSource('/none') },
  { name: 'init undefined', construct: (EventSource) => new EventSource('/none', undefined) },
  { name: 'init null', construct: (EventSource) => new EventSource('/none', null) },
  { name: 'init that is no object', construct: (EventSource) => new EventSource('/none', 1) },
  { name: 'withCredentials', construct: (EventSource) => new EventSource('/none', { withCredentials: true }) },
  { name: 'withCredentials that is truthy', construct: (EventSource) => new EventSource('/none', { withCredentials: 1 }) },
  { name: 'withCredentials undefined', construct: (EventSource) => new EventSource('/none', { withCredentials: undefined }) },
  {
    name: 'a subclass',
    construct: (EventSource) => {
      class Subclass extends EventSource {}
      return new Subclass('/none')
    },
  },
]

onEveryEngine('constructor', (stage) => {
  for (const { name, construct } of constructions) {
    test(`${name}: the same outcome as the native class`, async () => {
      assert.deepEqual(await outcome(stage, 'ours', construct), await outcome(stage, 'native', construct))
    })
  }

  test('it is an EventTarget with the constants of the interface', async () => {
    const describe = (side) => stage.evaluate(async (side) => {
      const { classOf } = await import('/e2e/trace.mjs')
      const Class = await classOf(side)
      const source = new Class('/none')
      source.close()
      return {
        name: Class.name,
        onClass: [Class.CONNECTING, Class.OPEN, Class.CLOSED],
        onSource: [source.CONNECTING, source.OPEN, source.CLOSED],
        isEventTarget: source instanceof EventTarget,
      }
    }, side)
    assert.deepEqual(await describe('ours'), await describe('native'))
  })
})

function outcome(stage, side, construct) {
  return stage.evaluate(async (side, construct) => {
    const { classOf } = await import('/e2e/trace.mjs')
    const Class = await classOf(side)
    try {
      const source = (0, eval)(`(${construct})`)(Class)
      const { url, withCredentials, readyState, onopen, onmessage, onerror } = source
      source.close()
      return { url, withCredentials, readyState, handlers: [onopen, onmessage, onerror], closed: source.readyState }
    } catch (error) {
      return { error: error.name, isDOMException: error instanceof DOMException }
    }
  }, side, String(construct))
}
