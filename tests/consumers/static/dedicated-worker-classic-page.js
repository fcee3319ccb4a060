import { server, show } from './show.js'

const worker = new Worker('./workers/dedicated-classic.js')
worker.onmessage = show
worker.postMessage(server)
