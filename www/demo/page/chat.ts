import { EventSource, type EventSourceInit } from 'eventsource-wasm'
import { part } from './part.js'
import { StreamPanel } from './stream-panel.js'

/** A question and its answer, which arrives in tokens. It can resume after a cut, or cannot. */
export function chat(section: HTMLElement): void {
  const question = part(section, 'question', HTMLElement)
  const answer = part(section, 'answer', HTMLElement)
  const cut = part(section, 'cut', HTMLElement)
  const questions = part(section, 'questions', HTMLElement)

  const panel = new StreamPanel(section, (client, lastEventId) => {
    if (lastEventId === '') answer.textContent = ''
    cut.hidden = true
    const prompt = question.textContent
    const isResumable = section.querySelector('[value="resumed"]:checked') !== null
    const source = new EventSource('chat', {
      json: { prompt, ids: isResumable },
      headers: { 'x-client': client },
      complete: ({ data }) => data === '[DONE]',
      timeouts: { idleMs: 4000 },
      ...(isResumable && { reconnect: true, resume: goOnByGet(prompt), lastEventId }),
    })
    source.addEventListener('message', event => {
      if (event.data === '[DONE]') {
        panel.complete(event)
        return
      }
      panel.record(event, isResumable ? Number(event.lastEventId) : undefined)
      answer.append(JSON.parse(event.data).token)
    })
    source.addEventListener('error', ({ willReconnect }) => {
      cut.hidden = willReconnect
    })
    return source
  })

  const ask = (text: string) => {
    question.textContent = text
    panel.start()
  }
  const buttons = [...questions.querySelectorAll('button')]
  for (const button of buttons) button.addEventListener('click', () => ask(button.textContent))
  section.querySelector('fieldset')?.addEventListener('change', () => panel.start())
  part(section, 'ask-again', HTMLElement).addEventListener('click', () => panel.start())
  question.textContent = buttons[0]?.textContent ?? ''
  panel.runInView(section)
}

/** Asks for the rest of an answer by a GET, which is safe to repeat. */
function goOnByGet(prompt: string): EventSourceInit['resume'] {
  return request => {
    request.method = 'GET'
    request.body = null
    request.headers.delete('content-type')
    request.headers.set('last-event-id', request.lastEventId)
    request.url.searchParams.set('prompt', prompt)
  }
}
