import { server, show } from './show.js'

const worker = new Worker('./workers/dedicated.js', { type: 'module' })
worker.onmessage = show
worker.postMessage(server)
