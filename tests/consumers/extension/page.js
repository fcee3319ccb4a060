import { EventSource } from './node_modules/eventsource-wasm/dist/index.js'
import { playInPage } from './play.js'

playInPage(EventSource)
