import { EventSource } from 'eventsource-wasm'
import { part } from './part.js'
import { StreamPanel } from './stream-panel.js'

/** A question and its answer, which arrives in tokens. */
export function chat(section: HTMLElement): void {
  const question = part(section, 'question', HTMLElement)
  const answer = part(section, 'answer', HTMLElement)
  const questions = part(section, 'questions', HTMLElement)

  const panel = new StreamPanel(section, (client, lastEventId) => {
    if (lastEventId === '') answer.textContent = ''
    const source = new EventSource('chat', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-client': client },
      body: JSON.stringify({ prompt: question.textContent }),
      complete: ({ data }) => data === '[DONE]',
      reconnect: { replay: 'always' },
      lastEventId,
    })
    source.addEventListener('message', event => {
      if (event.data === '[DONE]') {
        panel.complete(event)
        return
      }
      panel.record(event, Number(event.lastEventId))
      answer.append(JSON.parse(event.data).token)
    })
    return source
  })

  const ask = (text: string) => {
    question.textContent = text
    panel.start()
  }
  const buttons = [...questions.querySelectorAll('button')]
  for (const button of buttons) button.addEventListener('click', () => ask(button.textContent))
  question.textContent = buttons[0]?.textContent ?? ''
  panel.runInView(section)
}
