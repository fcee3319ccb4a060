interface Zones {
  readonly current: { wrap<Callback>(callback: Callback, source: string): Callback }
}

/**
 * zone.js patches the platform's targets: a listener runs in the zone in which it was added. This does the same for
 * listeners that the platform does not call.
 */
export function inCurrentZone<Callback>(callback: Callback): Callback {
  const { Zone } = globalThis as { Zone?: Zones }
  return typeof Zone?.current?.wrap === 'function' ? Zone.current.wrap(callback, 'EventSource') : callback
}
