import { EventSource } from 'eventsource-wasm'
import { part } from './part.js'
import { StreamPanel } from './stream-panel.js'

const FROM = 120

/** A countdown that GraphQL Yoga sends as a subscription. */
export function countdown(section: HTMLElement): void {
  const value = part(section, 'value', HTMLElement)
  const progress = part(section, 'progress', SVGElement)

  const panel = new StreamPanel(section, (client, lastEventId) => {
    const source = new EventSource<{ next: string; complete: string }>('graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-client': client },
      body: JSON.stringify({ query: `subscription { countdown(from: ${FROM}) }` }),
      complete: ({ type }) => type === 'complete',
      reconnect: { replay: 'always' },
      lastEventId,
    })
    source.addEventListener('next', event => {
      panel.record(event, Number(event.lastEventId))
      const left: number = JSON.parse(event.data).data.countdown
      value.textContent = String(left)
      progress.style.setProperty('stroke-dashoffset', String(1 - left / FROM))
    })
    source.addEventListener('complete', event => panel.complete(event))
    return source
  })
  panel.runInView(section)
}
