/** What a trace says, in types. Compiled, never run. */
import { EventSource, type TraceEntry } from 'eventsource-wasm'
import { consoleTrace, performanceTrace, type ConsoleTraceOptions, type TraceEntry as Entry } from 'eventsource-wasm/trace'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const equal = <A, B>(_proof: Equal<A, B>): void => {}

equal<Entry, TraceEntry>(true)
equal<TraceEntry['type'], 'request' | 'response' | 'open' | 'batch' | 'delivered' | 'decision' | 'close'>(true)

const options: ConsoleTraceOptions = { name: 'feed', console }
new EventSource('/feed', { trace: consoleTrace(options) })
new EventSource('/feed', { trace: performanceTrace('feed') })
new EventSource('/feed', { trace: async (entry) => entry.time })
new EventSource('/feed', {
  trace: (entry) => {
    equal<typeof entry.source | typeof entry.time, number>(true)
    if (entry.type === 'request') equal<typeof entry.url | typeof entry.method | typeof entry.lastEventId, string>(true)
    else if (entry.type === 'response') equal<typeof entry.status, number>(true)
    else if (entry.type === 'batch') equal<typeof entry.messages | typeof entry.bytes, number>(true)
    else if (entry.type === 'decision') equal<typeof entry.delayMs, number | undefined>(true)
    else if (entry.type === 'close') equal<typeof entry.why, 'complete' | 'end' | 'close'>(true)
    // @ts-expect-error Only a request has a URL.
    else entry.url.slice()
  },
})
