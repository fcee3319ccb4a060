import { EventSource } from 'eventsource-wasm'
import { part } from '../part.js'
import { StreamPanel } from '../stream-panel.js'
import { asCode } from './code.js'
import { Meters } from './meters.js'
import { RequestForm, type FormRequest } from './request-form.js'
import { Timeline } from './timeline.js'
import { TraceLog } from './trace-log.js'

/** Any request that the reader fills in, and all that happens on its connection. */
export function playground(section: HTMLElement): void {
  const code = part(section, 'code', HTMLElement)
  const meters = new Meters(part(section, 'meters', HTMLElement))
  const traceLog = new TraceLog(part(section, 'trace', HTMLElement))

  const form = new RequestForm(part(section, 'form', HTMLFormElement), () => restart(), () => showCode())
  const showCode = () => {
    try {
      code.textContent = asCode(form.read())
    } catch (error) {
      code.textContent = `// ${String(error)}`
    }
  }

  const panel = new StreamPanel(section, (client, lastEventId) => {
    const request = form.read()
    const source = open(request, client, lastEventId, traceLog)
    const receive = (event: MessageEvent<string>) => {
      if (request.last !== '' && (event.type === request.last || event.data === request.last)) {
        panel.complete(event)
        return
      }
      const { number, sentAt } = numbersIn(event.data)
      if (sentAt !== undefined) meters.sent(sentAt)
      panel.record(event, number)
    }
    for (const type of request.types) source.addEventListener(type, receive)
    return source
  }, [new Timeline(), meters])

  const restart = () => {
    traceLog.clear()
    panel.start()
  }

  const faults = document.getElementById('policy-faults')
  if (faults instanceof HTMLTemplateElement) part(section, 'faults', HTMLElement).append(faults.content)
  showCode()
  panel.runInView(section)
}

function open({ url, init, last }: FormRequest, client: string, lastEventId: string, { trace }: TraceLog) {
  return new EventSource<Record<string, string>>(url, {
    ...init,
    ...(last && { complete: ({ type, data }) => type === last || data === last }),
    headers: { ...init.headers, 'x-client': client },
    ...(lastEventId && { lastEventId }),
    trace,
  })
}

/** What the streams of this site say in their data: the number of an event and when it was sent. */
function numbersIn(data: string): { number?: number; sentAt?: number } {
  if (!data.startsWith('{"number":')) return {}
  return JSON.parse(data)
}
