interface Runtime {
  reportError?(error: unknown): void
  process?: { versions?: { node?: string } }
}

/** Reports an exception of an event listener as the platform does. In Node, Deno and Bun that ends the process. */
export function reportUncaught(error: unknown): void {
  const { reportError } = globalThis as Runtime
  if (reportError !== undefined) reportError(error)
  // As Node does for listeners of its `EventTarget`.
  else queueMicrotask(() => { throw error })
}

/** Reports an exception of any other application function, without ending the process. */
export function report(error: unknown): void {
  const { reportError, process } = globalThis as Runtime
  if (reportError === undefined || process?.versions?.node !== undefined) console.error(error)
  else reportError(error)
}
