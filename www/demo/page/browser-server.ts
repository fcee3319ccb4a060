/** Resolves when the service worker answers the requests of this page. */
export async function startBrowserServer(): Promise<void> {
  const { serviceWorker } = navigator
  if (serviceWorker === undefined) throw new Error('There is no service worker here to play the server: it takes HTTPS or localhost.')
  const controlled = new Promise<void>(resolve => {
    if (serviceWorker.controller !== null) resolve()
    else serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
  })
  await serviceWorker.register('browser-server.js')
  const { active } = await serviceWorker.ready
  // After a forced reload the page has no service worker until the worker claims it.
  active?.postMessage('take over')
  await controlled
}
