import { EventSource } from 'eventsource-wasm'
import { playInPage } from '../play.js'

playInPage(EventSource)
