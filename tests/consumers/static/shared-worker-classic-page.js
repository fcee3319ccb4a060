import { server, show } from './show.js'

const { port } = new SharedWorker('./workers/shared-classic.js')
port.onmessage = show
port.postMessage(server)
