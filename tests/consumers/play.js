/**
 * What every consumer does, copied beside its own files: it hears twelve numbered events, although their connection
 * breaks off after the fifth, and has a POST echoed. Shows what it has heard so far, as one line.
 */
export async function play(EventSource, server, show = () => {}) {
  const heard = []
  const hear = (text) => {
    heard.push(text)
    show(heard.join(' '))
  }
  const until = (source, last) => new Promise((resolve) => {
    source.onmessage = ({ data }) => {
      hear(data)
      if (data === last) resolve()
    }
    source.onerror = (error) => error.willReconnect || hear(`failed: ${error.kind} ${error.message}`)
  })

  const events = new EventSource(`${server}/events`)
  await until(events, '12')
  events.close()
  const echo = new EventSource(`${server}/echo`, { method: 'POST', body: 'hello', complete: ({ type }) => type === 'end' })
  await until(echo, 'hello')
  echo.close()
  return heard.join(' ')
}

/** The same in a page, which names the server in its query. */
export function playInPage(EventSource) {
  return play(EventSource, new URLSearchParams(location.search).get('server'), (text) => {
    document.querySelector('output').textContent = text
  })
}
