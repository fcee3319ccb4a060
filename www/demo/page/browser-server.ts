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
  // A page that was reloaded past its service worker has none until that takes it over.
  active?.postMessage('take over')
  await controlled
}
