/**
 * Gives a streaming response ways to break. It has to wrap the response before anything writes to it,
 * and it sees what is written, whoever writes it.
 */
export function breakable(res) {
  const { write } = res
  let cutting = false
  let broken = false

  res.write = (chunk, ...rest) => {
    if (broken) return true
    if (!cutting) return write.call(res, chunk, ...rest)
    const bytes = Buffer.from(chunk)
    if (!bytes.includes('data:')) return write.call(res, chunk, ...rest)
    broken = true
    return write.call(res, bytes.subarray(0, bytes.length / 2), () => res.destroy())
  }

  return {
    /** Closes the socket now, between two events. */
    drop() {
      broken = true
      res.destroy()
    },
    /** Lets half of the next event out and closes the socket. */
    cut() {
      cutting = true
    },
    /** Ends the body as if there were no more to say. */
    end() {
      broken = true
      res.end()
    },
  }
}
