import { EventSource, init } from 'eventsource-wasm'
import * as slim from 'eventsource-wasm/slim'
import { useEventSource, useEventStream } from 'eventsource-wasm/react'
import * as vue from 'eventsource-wasm/vue'
import { EventStore } from 'eventsource-wasm/store'
import { decode } from 'eventsource-wasm/decode'
import { sharedFetch } from 'eventsource-wasm/share'
import { sessionStore } from 'eventsource-wasm/session-store'
import * as fallback from 'eventsource-wasm/fallback'

console.log("used");
