type Result<Value> = IteratorResult<Value, undefined>

/**
 * Runs `values` from now on, up to the first, so that nothing is missed before somebody asks. A loop that leaves is not held
 * up by a value that is waited for: `stop` is called, and has `values` end.
 */
export function eager<Value>(values: AsyncGenerator<Value, undefined, undefined>, stop: () => void): AsyncIterableIterator<Value, undefined> {
  let first: Promise<Result<Value>> | undefined = values.next()
  // Whoever asks hears of it.
  first.catch(() => {})
  return {
    next: () => {
      const next = first ?? values.next()
      first = undefined
      return next
    },
    return: async () => {
      first = undefined
      stop()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
