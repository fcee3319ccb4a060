/** The server's events: numbered, so that a client can resume after any of them. The last one tells it to leave. */
export const messages = ['first', 'é: 2', '三\n3', '😀', ''].map((data, index) => ({ id: `${index + 1}`, data }))

const LINE_ENDS = ['\n', '\r\n', '\r']
const END = 'event: end\ndata\n\n'

/** The event stream of all events after the one whose ID is given: all of them without one. */
export function eventsAfter(lastEventId = '0') {
  const rest = messages.slice(Number(lastEventId)).map(encoded)
  return Buffer.from(rest.join('') + END)
}

/** The first event alone, and the request not to wait long before asking for more. */
export const prologue = Buffer.from(`retry: 1\n${encoded(messages[0], 0)}`)

/** One event. */
export function encoded({ id, data }, index = 0) {
  const end = LINE_ENDS[index % LINE_ENDS.length]
  const lines = data.split('\n').map((line) => `data: ${line}`)
  return [`id: ${id}`, ...lines, '', ''].join(end)
}
