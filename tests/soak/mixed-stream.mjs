/** An event stream of all kinds of events and lines, made by the server and checked in the page. No two events are alike. */

const LARGE = 100_000
export const isLarge = (number) => number === 1 || number % 5000 === 0
/** The first is the largest by far, so that buffers have their size from the beginning. */
const sizeOf = (number) => (number === 1 ? 4 * LARGE : LARGE)

const words = 'the of stream and to event in is that it was for on are as with his they at be this from have or by one'
const letters = 'ä ß é 豆 腐 は い ж я € ñ'

/** The data of event `number`. */
export function dataOf(number, isAscii) {
  const filler = isAscii ? words : `${words} ${letters}`
  const length = isLarge(number) ? sizeOf(number) : (number * 37) % 500
  const start = (number * 7) % filler.length
  const text = filler.slice(start) + filler
  return `${number} ${text.repeat(Math.ceil(length / text.length)).slice(0, length)}`
}

/** Nobody listens for one event in eight. */
export const isHeard = (number) => number % 8 !== 7
export const idOf = (number) => `6f1d2c3b-0000-4000-8000-${String(number).padStart(12, '0')}`
export const hasId = (number) => number % 3 === 0

/** Some events are followed by one that has this id and no data. */
export const ID_OF_NONE = 'the id of no event at all'
export const isFollowedById = (number) => number % 17 === 0

/** Event `number` as the server sends it. */
export function textOf(number, isAscii) {
  const end = number % 11 === 0 ? '\r\n' : '\n'
  const lines = [`data: ${dataOf(number, isAscii)}`]
  if (!isHeard(number)) lines.unshift('event: unheard')
  else if (number % 5 === 0) lines.unshift('event: tick')
  if (hasId(number)) lines.push(`id: ${idOf(number)}`)
  if (number % 13 === 0) lines.unshift(`: a comment ${words}`)
  if (isFollowedById(number)) lines.push('retry: 1000', '', `id: ${ID_OF_NONE}`)
  return `${lines.join(end)}${end}${end}`
}

/** Some hundred kilobytes at a time, from event number 1 on, until `total` bytes are made. */
export function* blocks(total, isAscii) {
  const encoder = new TextEncoder()
  for (let number = 1, made = 0; made < total;) {
    let text = ''
    for (const last = number + 1000; number < last; number += 1) text += textOf(number, isAscii)
    const block = encoder.encode(text)
    made += block.length
    yield block
  }
  yield encoder.encode('event: end\ndata\n\n')
}
