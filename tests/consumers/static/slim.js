import { EventSource } from './node_modules/eventsource-wasm/dist/slim.js'
import { playInPage } from './play.js'

playInPage(EventSource)
