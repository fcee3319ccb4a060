import { EventSource } from 'eventsource-wasm'
import { play } from './play.js'

console.log(await play(EventSource, process.argv[2]))
