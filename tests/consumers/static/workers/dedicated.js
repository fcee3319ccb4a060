import { EventSource } from '../node_modules/eventsource-wasm/dist/index.js'
import { play } from '../play.js'

onmessage = ({ data: server }) => play(EventSource, server, postMessage)
