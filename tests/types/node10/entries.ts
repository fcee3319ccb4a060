/** As projects resolve modules that have stayed with the way of Node 10: TypeScript 5. */

import { EventSource } from 'eventsource-wasm'
import { decoded } from 'eventsource-wasm/decode'
import module from 'eventsource-wasm/eventsource.wasm'
import * as fallback from 'eventsource-wasm/fallback'
import { install } from 'eventsource-wasm/polyfill'
import { useEventSource } from 'eventsource-wasm/react'
import { sessionStore } from 'eventsource-wasm/session-store'
import { init } from 'eventsource-wasm/slim'
import { consoleTrace } from 'eventsource-wasm/trace'

install()
new EventSource('/', { store: sessionStore('a'), trace: consoleTrace() }).addEventListener('a', decoded(JSON, ({ data }) => data))
export const useIt = useEventSource
export const loaded = init(module).then(() => init(fallback))
