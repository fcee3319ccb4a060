import { server, show } from './show.js'

await navigator.serviceWorker.register('./service-worker-classic.js')
const { active } = await navigator.serviceWorker.ready
navigator.serviceWorker.onmessage = show
active.postMessage(server)
