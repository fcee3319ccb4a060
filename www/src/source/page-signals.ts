import { PageSignal } from '../wasm/wasm.js'

/** Tells what happens to the page or worker that concerns its connections, as far as it has such events. */
export function watchPage(tell: (signal: PageSignal) => void, until: AbortSignal): void {
  const { document, navigator } = globalThis as { document?: Document, navigator?: Navigator }
  const listen = (target: Partial<EventTarget> | undefined, type: string, signal: PageSignal, applies?: (event: Event) => boolean): void => {
    target?.addEventListener?.(type, (event) => {
      if (applies?.(event) === false) return
      // A page that did not run may have missed `online`.
      if ((signal === PageSignal.Resumed || signal === PageSignal.Visible) && navigator?.onLine) tell(PageSignal.Online)
      tell(signal)
    }, { signal: until })
  }
  listen(globalThis, 'offline', PageSignal.Offline)
  listen(globalThis, 'online', PageSignal.Online)
  listen(globalThis, 'pageshow', PageSignal.Resumed, (event) => (event as PageTransitionEvent).persisted)
  listen(document, 'resume', PageSignal.Resumed)
  listen(document, 'visibilitychange', PageSignal.Visible, () => document?.visibilityState === 'visible')
  if (navigator?.onLine === false) tell(PageSignal.Offline)
}
