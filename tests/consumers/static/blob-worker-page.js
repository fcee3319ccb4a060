import { server, show } from './show.js'

const source = `
  import { EventSource } from '${new URL('./node_modules/eventsource-wasm/dist/index.js', location.href)}'
  import { play } from '${new URL('./play.js', location.href)}'
  onmessage = ({ data: server }) => play(EventSource, server, postMessage)
`
const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), { type: 'module' })
worker.onmessage = show
worker.postMessage(server)
