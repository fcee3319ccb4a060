/** What a tab keeps of a stream: the same however the bytes are split, and never more than allowed. */

import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { importSource } from './modules.mjs'

const SIZE = 4096
const bytes = (text) => new TextEncoder().encode(text)
const latin1 = (bytes) => bytes && Buffer.from(bytes).toString('latin1')

/** `delivered`: what a reader has received so far. `after`: what a tab that joins after an ID receives. */
const cases = [
  { name: 'an event without its end waits', stream: 'id: 1\ndata: a\n\nid: 2\ndata: b\n', delivered: 'id: 1\ndata: a\n\n', lastEventId: '1' },
  { name: 'an ID counts when its block has ended', stream: 'id: 1\n', delivered: '', lastEventId: '' },
  { name: 'comments between events do not wait', stream: 'data: a\n\n: beat\n', delivered: 'data: a\n\n: beat\n', lastEventId: '' },
  { name: 'comments within an event do', stream: 'data: a\n: beat\n', delivered: '', lastEventId: '' },
  { name: 'CR ends lines', stream: 'id: 1\rdata: a\r\rid: 2\r', delivered: 'id: 1\rdata: a\r\r', lastEventId: '1' },
  { name: 'CRLF is one end, of which the LF goes with what comes next', stream: 'id: 1\r\ndata: a\r\n\r\n', delivered: 'id: 1\r\ndata: a\r\n\r', lastEventId: '1' },
  { name: 'LF after a line that CR ended is a blank line', stream: 'data: a\rx\n\n', delivered: 'data: a\rx\n\n', lastEventId: '' },
  { name: 'an ID with NUL is none', stream: 'id: 1\n\nid: 2\0\n\n', delivered: 'id: 1\n\nid: 2\0\n\n', lastEventId: '1' },
  { name: 'a line "id" clears the ID', stream: 'id: 1\n\nid\n\n', delivered: 'id: 1\n\nid\n\n', lastEventId: '' },
  { name: 'IDs have one character per byte', stream: 'id: \u00fc\n\n', delivered: 'id: \u00c3\u00bc\n\n', lastEventId: '\u00c3\u00bc' },
  { name: 'other fields are none of these', stream: 'idle: 1\nretrying: 2\n id: 3\n\n', delivered: 'idle: 1\nretrying: 2\n id: 3\n\n', lastEventId: '' },
]

describe('replay', () => {
  let Replay
  before(async () => { ({ Replay } = await importSource('replay')) })

  for (const { name, stream, delivered, lastEventId } of cases) {
    test(name, () => {
      for (let at = 0; at <= bytes(stream).length; at++) {
        const replay = new Replay(SIZE, '')
        let got = ''
        for (const chunk of [bytes(stream).subarray(0, at), bytes(stream).subarray(at)]) replay.push(chunk, (whole) => { got += latin1(whole) })
        assert.equal(got, delivered, `cut at ${at}`)
        assert.equal(replay.standing.lastEventId, lastEventId, `cut at ${at}`)
      }
    })
  }

  test('a tab that joins gets what comes after its ID, and the reconnection time', () => {
    const replay = new Replay(SIZE, '0')
    replay.push(bytes('retry: 500\nid: 1\ndata: a\n\nid: 2\ndata: b\n\ndata: c'), () => {})
    const retry = 'retry: 500\n'
    const after = (id) => latin1(replay.after(undefined, id))
    assert.equal(after('0'), `${retry}\nretry: 500\nid: 1\ndata: a\n\nid: 2\ndata: b\n\n`)
    assert.equal(after('1'), `${retry}\nid: 2\ndata: b\n\n`)
    assert.equal(after('2'), `${retry}\n`)
    assert.equal(after(''), `${retry}id: 2\n\n`)
    assert.equal(after('3'), undefined)
  })

  test('a tab that has bytes of the connection gets the next ones, with or without ids', () => {
    const replay = new Replay(SIZE, '')
    replay.push(bytes('data: a\n\ndata: b\n\ndata: c'), () => {})
    assert.equal(latin1(replay.after(0, '')), 'data: a\n\ndata: b\n\n')
    assert.equal(latin1(replay.after(9, '')), 'data: b\n\n')
    assert.equal(latin1(replay.after(18, '')), '')
    replay.push(bytes(`${'x'.repeat(100)}\n\n`.repeat(100)), () => {})
    assert.equal(replay.after(9, ''), undefined)
  })

  test('followers keep the same as the leader', () => {
    const leader = new Replay(SIZE, '0')
    const follower = new Replay(SIZE, '0')
    for (let n = 1; n <= 500; n++) {
      leader.push(bytes(`id: ${n}\ndata: ${'x'.repeat(n % 90)}\n\n: beat\n`), (whole) => follower.add(whole, leader.at, leader.standing))
      assert.deepEqual(follower.standing, leader.standing)
      for (const id of ['', `${n}`, `${n - 5}`]) assert.equal(latin1(follower.after(undefined, id)), latin1(leader.after(undefined, id)))
    }
  })

  test('overflow leaves no gap in what is kept', () => {
    const replay = new Replay(SIZE, '0')
    replay.push(bytes('id: 1\ndata: a\n\n'), () => {})
    let text = ''
    for (let n = 2; n < 1000; n++) text += `id: ${n}\ndata: ${n}\n\n`
    replay.add(bytes(text), text.length, { ...replay.standing, lastEventId: '999' })
    assert.equal(replay.after(undefined, '1'), undefined)
    assert.equal(latin1(replay.after(undefined, '998')), 'id: 999\ndata: 999\n\n')
  })

  test('another stream goes on after the last ID', () => {
    const replay = new Replay(SIZE, '')
    replay.push(bytes('id: 1\ndata: a\n\nid: 2\ndata: b\n\ndata: half of'), () => {})
    replay.cut()
    let got = ''
    replay.push(bytes('id: 3\ndata: c\n\n'), (whole) => { got += latin1(whole) })
    assert.equal(got, 'id: 3\ndata: c\n\n')
    assert.equal(latin1(replay.after(undefined, '1')), 'id: 2\ndata: b\n\nid: 3\ndata: c\n\n')
  })

  for (const eol of ['', '\n', '\n\n']) {
    test(`a tab that joined without an ID, and then leads, knows what comes after that ID; the stream begins with ${JSON.stringify(eol)}`, () => {
      const leader = new Replay(SIZE, '')
      leader.push(bytes('id: 12\ndata: x\n\n:\n\n'), () => {})
      const replay = new Replay(SIZE, '')
      replay.add(leader.after(undefined, ''), leader.at, leader.standing)
      replay.cut()
      replay.push(bytes(`${eol}id: 13\ndata: a\n\nid: 14\ndata: b\n\n`), () => {})
      const after = (id) => latin1(replay.after(undefined, id))
      assert.equal(after('1'), undefined)
      assert.equal(after('12'), `${eol}id: 13\ndata: a\n\nid: 14\ndata: b\n\n`)
      assert.equal(after('13'), 'id: 14\ndata: b\n\n')
    })
  }

  test('the ring holds the last bytes, and a very large event is delivered as it comes', () => {
    const replay = new Replay(SIZE, '')
    let got = ''
    let expected = ''
    for (let n = 1; n <= 3000; n++) {
      const event = `id: ${n}\ndata: ${'x'.repeat(n === 2000 ? 3 * SIZE : n % 50)}\n\n`
      expected += event
      replay.push(bytes(event), (whole) => { got += latin1(whole) })
      assert.equal(replay.standing.isWhole, true)
    }
    assert.equal(got, expected)
    assert.equal(replay.after(undefined, '2000'), undefined)
    assert.equal(latin1(replay.after(undefined, '2990')), expected.slice(expected.indexOf('id: 2991\n')))
    replay.push(bytes(`data: ${'x'.repeat(SIZE)}`), (whole) => { got += latin1(whole) })
    assert.equal(replay.standing.isWhole, false)
  })
})
