/** Reports what a function of the user's threw, as the platform reports it for its own callbacks. */
export function report(error: unknown): void {
  const { reportError } = globalThis as { reportError?: (error: unknown) => void }
  if (reportError !== undefined) reportError(error)
  // As node does it for listeners of its `EventTarget`.
  else queueMicrotask(() => { throw error })
}
