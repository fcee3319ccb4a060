import { EventSource } from 'eventsource-wasm'
import { EventSource as SlimEventSource } from 'eventsource-wasm/slim'
import { play } from './play.js'

const classes = { '/class': EventSource, '/slim': SlimEventSource }

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    if (!(pathname in classes)) return new Response('nothing here', { status: 404 })
    return new Response(await play(classes[pathname], searchParams.get('server')))
  },
}
