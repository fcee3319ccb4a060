import { EventSource } from 'eventsource-wasm/slim'
import { play } from './play.js'

console.log(await play(EventSource, process.argv[2]))
