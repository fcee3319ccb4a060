import { server, show } from './show.js'

await navigator.serviceWorker.register('./service-worker.js', { type: 'module' })
const { active } = await navigator.serviceWorker.ready
navigator.serviceWorker.onmessage = show
active.postMessage(server)
