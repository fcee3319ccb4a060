/** In a worker: its library alone. */

import { EventSource } from 'eventsource-wasm'

const source = new EventSource('/', { headers: async ({ signal }) => ({ aborted: String(signal.aborted) }), body: new Blob(), signal: null })
source.onmessage = ({ data }) => postMessage(data)
