import { EventSource, init } from './node_modules/eventsource-wasm/dist/index.js'
import * as fallback from './node_modules/eventsource-wasm/dist/fallback.js'
import { play } from './play.js'

// A service worker can import nothing later.
init(fallback)

chrome.runtime.onConnect.addListener((port) => {
  port.onMessage.addListener((server) => play(EventSource, server, (text) => port.postMessage(text)))
})
