import { EventSource } from 'eventsource-wasm'
import { play } from '../../play'

export const runtime = 'edge'

export async function GET(request) {
  return new Response(await play(EventSource, new URL(request.url).searchParams.get('server')))
}
