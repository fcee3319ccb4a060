import { server, show } from './show.js'

const { port } = new SharedWorker('./workers/shared.js', { type: 'module' })
port.onmessage = show
port.postMessage(server)
