/** The same in CommonJS, as `node16` resolves it. */

import { EventSource } from 'eventsource-wasm'
import { decoded } from 'eventsource-wasm/decode'
import * as fallback from 'eventsource-wasm/fallback'
import { install } from 'eventsource-wasm/polyfill'
import { sessionStore } from 'eventsource-wasm/session-store'
import { sharedFetch } from 'eventsource-wasm/share'
import { init } from 'eventsource-wasm/slim'

install()
void init(fallback)
const options = { store: sessionStore('a'), fetch: sharedFetch({ key: 'a' }) }
new EventSource('/', options).addEventListener('a', decoded(JSON, ({ data }) => data))
