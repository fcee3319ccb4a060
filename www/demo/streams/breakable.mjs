/** A streaming response with ways to break it. `closed` resolves when it has ended, however it did. */
export function breakable(response) {
  const reader = response.body.getReader()
  const { promise: closed, resolve: markClosed } = withResolvers()
  let controller
  let state = 'whole'

  const finish = how => {
    if (state === 'over') return
    state = 'over'
    how()
    void reader.cancel().catch(() => {})
    markClosed()
  }
  /** To the reader of the body this looks like a lost connection. */
  const drop = () => finish(() => controller.error(new Error('broken on request')))
  const end = () => finish(() => controller.close())

  const forward = bytes => {
    const half = state === 'cutting' ? untilHalfOfData(bytes) : undefined
    if (half === undefined) return controller.enqueue(bytes)
    state = 'cut'
    controller.enqueue(half)
  }

  const source = {
    start(given) {
      controller = given
    },
    async pull() {
      // The reader wants more, so the half event has been passed on. An earlier error would overtake it.
      if (state === 'cut') return drop()
      if (state === 'stalled') return closed
      const { done, value } = await reader.read().catch(drop) ?? { done: true }
      if (state === 'over') return
      if (state === 'stalled') return closed
      if (done) end()
      else forward(value)
    },
    cancel() {
      finish(() => {})
    },
  }
  return {
    response: new Response(new ReadableStream(source, { highWaterMark: 0 }), response),
    closed,
    /** Closes the connection now, between two events. */
    drop,
    /** Lets half of the next event out and closes the connection. */
    cut() {
      if (state === 'whole') state = 'cutting'
    },
    /** Stops sending and stays open. */
    stall() {
      if (state === 'whole') state = 'stalled'
    },
    /** Ends the body as if there were no more to say. */
    end,
  }
}

const FIELD = new TextEncoder().encode('data:')
const LF = 10

/** The bytes up to the middle of their first `data` line; nothing if there is none. */
function untilHalfOfData(bytes) {
  const start = bytes.findIndex((_, index) => FIELD.every((byte, offset) => bytes[index + offset] === byte))
  if (start === -1) return undefined
  const end = bytes.indexOf(LF, start)
  return bytes.subarray(0, Math.floor((start + FIELD.length + (end === -1 ? bytes.length : end)) / 2))
}

function withResolvers() {
  let resolve
  const promise = new Promise(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
