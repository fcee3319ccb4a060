interface Events {
  setMaxListeners?(most: number, target: EventTarget): void
}

/** Node takes more than ten listeners for a leak, and prints a warning. */
export function allowManyListeners(target: EventTarget): void {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): Events | undefined } }
  try {
    process?.getBuiltinModule?.('node:events')?.setMaxListeners?.(0, target)
  } catch {
    // It is a target of jsdom or happy-dom, which do not count.
  }
}
