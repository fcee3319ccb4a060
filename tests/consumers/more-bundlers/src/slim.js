import { EventSource } from 'eventsource-wasm/slim'
import { playInPage } from '../play.js'

playInPage(EventSource)
