interface Events {
  setMaxListeners?(most: number, target: EventTarget): void
}

/** Node takes more than ten listeners for a leak, and prints a warning. */
export function allowManyListeners(target: EventTarget): void {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): Events | undefined } }
  process?.getBuiltinModule?.('node:events')?.setMaxListeners?.(0, target)
}
