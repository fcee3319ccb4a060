import { Happening } from '../wasm/core.js'

/** Whether this realm has network events: browsers do, in pages and workers. */
export function hearsSignals(): boolean {
  return 'ononline' in globalThis
}

/** Reports page and worker events that concern connections, where they exist. */
export function watchPage(tell: (signal: Happening) => void, until: AbortSignal): void {
  const { document, navigator } = globalThis as { document?: Document, navigator?: Navigator }
  const listen = (target: Partial<EventTarget> | undefined, type: string, signal: Happening, applies?: (event: Event) => boolean): void => {
    target?.addEventListener?.(type, (event) => {
      if (applies?.(event) === false) return
      // A suspended page may have missed `online`.
      if ((signal === Happening.Resumed || signal === Happening.Visible) && navigator?.onLine) tell(Happening.Online)
      tell(signal)
    }, { __proto__: null, signal: until } as AddEventListenerOptions)
  }
  listen(globalThis, 'offline', Happening.Offline)
  listen(globalThis, 'online', Happening.Online)
  listen(globalThis, 'pageshow', Happening.Resumed, (event) => (event as PageTransitionEvent).persisted)
  listen(document, 'resume', Happening.Resumed)
  listen(document, 'visibilitychange', Happening.Visible, () => document?.visibilityState === 'visible')
  if (navigator?.onLine === false) tell(Happening.Offline)
}
