import { EventSource } from 'eventsource-wasm'
import { play } from '../play.js'

onmessage = ({ data: server }) => play(EventSource, server, postMessage)
