/** Plays the server on a static file host: the same event streams, in the browser. */
import { createStreams } from '../streams/index.mjs'

const find = createStreams()
const scope = new URL(self.registration.scope)

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('message', event => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', event => {
  const { origin, pathname } = new URL(event.request.url)
  if (origin !== scope.origin || !pathname.startsWith(scope.pathname)) return
  const answer = find(`/${pathname.slice(scope.pathname.length)}`)
  if (answer) event.respondWith(answer(event.request))
})
