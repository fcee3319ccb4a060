import { EventSource, init } from 'eventsource-wasm/slim'
import wasm from 'eventsource-wasm/eventsource.wasm'
import { playInPage } from '../play.js'

await init(wasm)
playInPage(EventSource)
