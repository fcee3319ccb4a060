interface Runtime {
  reportError?(error: unknown): void
  process?: { versions?: { node?: string } }
}

/** Reports what an event listener threw, as the platform reports it. In Node, Deno and Bun that ends the process. */
export function reportUncaught(error: unknown): void {
  const { reportError } = globalThis as Runtime
  if (reportError !== undefined) reportError(error)
  // As node does it for listeners of its `EventTarget`.
  else queueMicrotask(() => { throw error })
}

/** Reports what another function of the application's threw. That ends no process. */
export function report(error: unknown): void {
  const { reportError, process } = globalThis as Runtime
  if (reportError === undefined || process?.versions?.node !== undefined) console.error(error)
  else reportError(error)
}
