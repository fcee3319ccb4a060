type Result<Value> = IteratorResult<Value, undefined>

/**
 * Starts `values` at once, up to the first value, so that nothing is missed before the first call of `next`. Leaving a
 * loop does not wait for a pending value: it calls `stop`, which must make `values` end.
 */
export function eager<Value>(values: AsyncGenerator<Value, undefined, undefined>, stop: () => void): AsyncIterableIterator<Value, undefined> {
  let first: Promise<Result<Value>> | undefined = values.next()
  // The error surfaces with the first call of `next`.
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
