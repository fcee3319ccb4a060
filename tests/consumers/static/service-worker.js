import { EventSource } from './node_modules/eventsource-wasm/dist/index.js'
import { play } from './play.js'

onmessage = (event) => event.waitUntil(play(EventSource, event.data, (text) => event.source.postMessage(text)))
