import { useState } from 'react'
import { useEventStream } from 'eventsource-wasm/react'

/** The text that an event adds. The last one, `[DONE]`, adds none. */
const contentOf = (text: string): string => (text === '[DONE]' ? '' : (JSON.parse(text).choices[0]?.delta.content ?? ''))

export function Chat() {
  const [question, setQuestion] = useState('')
  const { messages, status, truncated, error, send, stop, retry } = useEventStream('/v1/chat/completions', {
    messages: [{ role: 'system', content: 'Be brief.' }],
    toBody: ({ messages }) => ({ model: 'example', stream: true, messages }),
    parse: contentOf,
    reducer: (reply: string, { data }) => reply + data,
    initialState: '',
    complete: ({ data }) => data === '[DONE]',
  })
  const isAnswering = status === 'connecting' || status === 'open'
  return (
    <main>
      <h1>Chat</h1>
      {messages.filter(({ role }) => role !== 'system').map(({ role, content }, index) => (
        <p key={index}><b>{role}</b> {role === 'assistant' ? <output>{String(content)}</output> : String(content)}</p>
      ))}
      {truncated && <p>The reply was cut off. <button onClick={() => void retry()}>Ask again</button></p>}
      {status === 'failed' && <p>{error?.message} <button onClick={() => void retry()}>Ask again</button></p>}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setQuestion('')
          // Errors are already shown on the page.
          send(question).catch(() => {})
        }}
      >
        <input aria-label="Question" value={question} onChange={({ target }) => setQuestion(target.value)} />
        {isAnswering ? <button type="button" onClick={stop}>Stop</button> : <button disabled={question === ''}>Send</button>}
      </form>
    </main>
  )
}
