/** Every entry that needs no framework, as `node16` resolves it. */

import { EventSource } from 'eventsource-wasm'
import { decoded } from 'eventsource-wasm/decode'
import * as fallback from 'eventsource-wasm/fallback'
import { install } from 'eventsource-wasm/polyfill'
import { sessionStore } from 'eventsource-wasm/session-store'
import { init } from 'eventsource-wasm/slim'
import { consoleTrace } from 'eventsource-wasm/trace'

install()
await init(fallback)
new EventSource('/', { store: sessionStore('a'), trace: consoleTrace() }).addEventListener('a', decoded(JSON, ({ data }) => data))
