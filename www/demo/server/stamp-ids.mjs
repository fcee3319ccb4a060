import { lastNumber } from './event-stream.mjs'

/**
 * Middleware before GraphQL Yoga, whose event streams have no ids: writes `id: n` before each `event: next` on its way out,
 * counting on from `Last-Event-ID`. It is for subscriptions that begin after the event of that number.
 *
 * Works on whole lines, because Yoga writes an event in pieces. Latin-1 maps every byte to one character and back, so
 * UTF-8 cut anywhere between two writes comes through unchanged.
 */
export function stampIds(req, res, next) {
  const { write, end } = res
  let number = lastNumber(req.get('last-event-id'))
  let unfinishedLine = ''

  const stamp = line => {
    if (line !== 'event: next\n') return line
    number += 1
    return `id: ${number}\n${line}`
  }

  res.write = (chunk, ...rest) => {
    const text = unfinishedLine + Buffer.from(chunk).toString('latin1')
    const lines = text.split(/(?<=\n)/)
    unfinishedLine = text.endsWith('\n') ? '' : lines.pop()
    return write.call(res, lines.map(stamp).join(''), 'latin1', ...rest.filter(isFunction))
  }

  res.end = (chunk, ...rest) => {
    if (chunk) res.write(chunk)
    if (unfinishedLine) write.call(res, unfinishedLine, 'latin1')
    return end.call(res, ...rest.filter(isFunction))
  }

  next()
}

function isFunction(value) {
  return typeof value === 'function'
}
