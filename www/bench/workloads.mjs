// The event streams that the benchmark sends: deterministic, and no two events are alike.
import { Checksum } from './checksum.mjs'

/** A small pseudo-random number generator (mulberry32), for numbers below `limit`. */
const numbers = (seed) => (limit) => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
}

const words = 'the of stream and to event in is that it was for on are as with his they at be this from have or by one had not'.split(' ')
const letters = ['ä', 'ß', 'é', '豆', '腐', 'は', 'い', 'ж', 'я', '€', '😀', 'n', 'e', ' ']

const prose = (random, length) => {
  let text = ''
  while (text.length < length) text += `${words[random(words.length)]} `
  return text.slice(0, length)
}
const token = (random, n) =>
  JSON.stringify({
    id: `chatcmpl-${n.toString(36).padStart(8, '0')}`,
    object: 'chat.completion.chunk',
    model: 'm-1',
    choices: [{ index: 0, delta: { content: ` ${words[random(words.length)]}` }, finish_reason: null }],
  })
const international = (random) => Array.from({ length: 110 }, () => letters[random(letters.length)]).join('')

/** `event` makes event n: its text, and the data that a listener should receive. */
const workloads = {
  tokens: {
    what: 'chat completion chunks of 180 B',
    events: 200_000,
    event: (random, n) => [token(random, n)].map((data) => ({ data, text: `data: ${data}\n\n` }))[0],
  },
  tiny: { what: '`data: 1`', events: 800_000, event: (_, n) => ({ data: `${n % 10}`, text: `data: ${n % 10}\n\n` }) },
  ticks: {
    what: 'named events with an id, 80 B',
    type: 'tick',
    events: 200_000,
    event: (random, n) => {
      const data = `{"symbol":"S${random(500)}","price":${random(100_000) / 100}}`
      return { data, text: `event: tick\nid: ${n}\ndata: ${data}\n\n` }
    },
  },
  unicode: {
    what: '250 B, mostly not ASCII',
    events: 120_000,
    event: (random) => [international(random)].map((data) => ({ data, text: `data: ${data}\n\n` }))[0],
  },
  crlf: {
    what: 'the same as tokens, lines end with CRLF',
    events: 200_000,
    event: (random, n) => [token(random, n)].map((data) => ({ data, text: `data: ${data}\r\n\r\n` }))[0],
  },
  comments: {
    what: 'ten comments of 60 B for every event',
    events: 60_000,
    event: (random, n) => ({ data: `${n}`, text: `${`: ${prose(random, 58)}\n`.repeat(10)}data: ${n}\n\n` }),
  },
  big: {
    what: 'lines of 1 MiB',
    events: 100,
    event: (random, n) => [`${n} ${prose(random, 1024).repeat(1024)}`].map((data) => ({ data, text: `data: ${data}\n\n` }))[0],
  },
  multiline: {
    what: '1000 lines of 40 B in every event',
    events: 600,
    event: (random, n) => {
      const lines = Array.from({ length: 1000 }, (_, line) => `${n}/${line} ${prose(random, 30)}`)
      return { data: lines.join('\n'), text: `${lines.map((line) => `data: ${line}\n`).join('')}\n` }
    },
  },
  split: {
    what: 'the same as tokens, in writes of 7 to 50 B',
    events: 16_000,
    pieces: (random) => 7 + random(44),
    event: (random, n) => workloads.tokens.event(random, n),
  },
}

export const names = Object.keys(workloads)
export const describe = (name) => ({ what: workloads[name].what, type: workloads[name].type ?? 'message' })

/** The bytes of a workload, split into single writes, and the expected result. */
export const generate = (name, scale = 1) => {
  const { events, event, pieces = () => 65_536 } = workloads[name]
  const random = numbers(1)
  const expected = new Checksum()
  const texts = []
  for (let n = 0; n < Math.ceil(events * scale); n += 1) {
    const { data, text } = event(random, n)
    expected.add(data)
    texts.push(text)
  }
  const bytes = Buffer.from(texts.join(''))
  const writes = []
  for (let at = 0, end; at < bytes.length; at = end) {
    end = at + pieces(random)
    writes.push(bytes.subarray(at, end))
  }
  return { writes, expected: { ...expected, bytes: bytes.length } }
}
