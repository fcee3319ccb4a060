interface Events {
  setMaxListeners?(most: number, target: EventTarget): void
}

/** Node warns of a leak beyond ten listeners. */
export function allowManyListeners(target: EventTarget): void {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): Events | undefined } }
  try {
    process?.getBuiltinModule?.('node:events')?.setMaxListeners?.(0, target)
  } catch {
    // It is a target from jsdom or happy-dom, which do not count listeners.
  }
}
