/**
 * Gives the event stream of GraphQL Yoga, which has no ids, an `id: n` before each `event: next`, counting on from `last`.
 * It is for subscriptions that begin after the event of that number.
 */
export function stampIds(response, last) {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response
  let number = last
  let unfinishedLine = ''

  const stamp = line => {
    if (line !== 'event: next\n') return line
    number += 1
    return `id: ${number}\n${line}`
  }
  const stamped = new TransformStream({
    transform(text, controller) {
      const lines = (unfinishedLine + text).split(/(?<=\n)/)
      unfinishedLine = lines.at(-1).endsWith('\n') ? '' : lines.pop()
      if (lines.length > 0) controller.enqueue(lines.map(stamp).join(''))
    },
    flush(controller) {
      if (unfinishedLine) controller.enqueue(unfinishedLine)
    },
  })
  const body = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(stamped)
    .pipeThrough(new TextEncoderStream())
  return new Response(body, response)
}
