import { EventSource } from '../node_modules/eventsource-wasm/dist/index.js'
import { play } from '../play.js'

onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data: server }) => play(EventSource, server, (text) => port.postMessage(text))
}
