import { createClient, type RequestAttempt } from 'eventsource-wasm/graphql'
import { part } from './part.js'
import { StreamPanel } from './stream-panel.js'
import { Subscription } from './subscription.js'

const FROM = 120
const query = 'subscription ($from: Int!, $startedAt: Float) { countdown(from: $from, startedAt: $startedAt) }'

/** A countdown that a GraphQL server sends as a subscription. Its tokens soon expire. */
export function countdown(section: HTMLElement): void {
  const value = part(section, 'value', HTMLElement)
  const progress = part(section, 'progress', SVGElement)
  let token: string | undefined
  let startedAt: number | undefined

  const panel = new StreamPanel(section, (client, lastEventId) => {
    const isSingle = chosenMode(section) === 'single'
    startedAt ??= Date.now()
    const headers = async ({ reason, lastEventId: known }: RequestAttempt) => {
      // Used until the server refuses it.
      if (token === undefined || reason === 'http') token = await freshToken()
      return { authorization: `Bearer ${token}`, 'x-client': client, 'last-event-id': known || lastEventId }
    }
    const url = isSingle ? 'graphql/stream' : 'graphql'
    // If events have no ids, the time serves as the position.
    const variables = isSingle ? { from: FROM, startedAt } : { from: FROM }
    const subscription = new Subscription(createClient({ url, headers, singleConnection: isSingle, reconnect: { maxBackoffMs: 1000 } }))
    subscription.start<{ countdown: number }>({ query, variables }, {
      next: ({ data }, event) => {
        if (!data) return
        const left = data.countdown
        panel.record(event, FROM - left + 1)
        value.textContent = String(left)
        progress.style.setProperty('stroke-dashoffset', String(1 - left / FROM))
      },
      complete: event => {
        startedAt = undefined
        panel.complete(event)
      },
    })
    return subscription
  })

  section.querySelector('fieldset')?.addEventListener('change', () => {
    startedAt = undefined
    panel.start()
  })
  panel.runInView(section)
}

async function freshToken(): Promise<string> {
  const response = await fetch('graphql/token')
  const { token } = await response.json()
  return token
}

function chosenMode(section: HTMLElement): string | undefined {
  return section.querySelector<HTMLInputElement>('input[name="mode"]:checked')?.value
}
