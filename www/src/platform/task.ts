interface Scheduler {
  postTask?(callback: () => void): Promise<void>
}

/**
 * Resolves in a later task, without priority: `scheduler.yield` runs before timers, so a backlog would delay every timer
 * of the page.
 */
export function nextTask(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: Scheduler }
  if (scheduler?.postTask !== undefined) return scheduler.postTask(() => {})
  return new Promise((resolve) => {
    // As in jsdom. Timers are slower.
    if (typeof MessageChannel === 'undefined') {
      setTimeout(resolve)
      return
    }
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
