/** Runs in a realm of any kind: plays a source of either class when another realm asks for it. */

/** `classes` are those of this realm: `{ native, ours }`. */
export function answer(classes) {
  const receive = (event) => {
    // Nobody else can end a shared worker while the page lives.
    if (event.data === 'close') return globalThis.close()
    const { data: { side, url, until }, ports: [port] } = event
    const answered = outcome(classes[side], url, until).then((trace) => port.postMessage(trace))
    event.waitUntil?.(answered)
  }
  if ('onconnect' in globalThis) globalThis.onconnect = ({ ports: [port] }) => { port.onmessage = receive }
  else addEventListener('message', receive)
}

async function outcome(Class, url, until) {
  if (Class === undefined) return 'no such class'
  try {
    return await play(Class, url, until)
  } catch (error) {
    return [error.name]
  }
}

/** Everything a source says, until it is closed by the server or has said `until`. */
function play(Class, url, until) {
  const source = new Class(url)
  const trace = [source.url, `readyState ${source.readyState}`]
  return new Promise((resolve) => {
    const say = (text) => {
      trace.push(text)
      if (text === until || source.readyState === source.CLOSED) resolve(trace)
    }
    source.onopen = () => say(`open ${source.readyState}`)
    source.onerror = () => say(`error ${source.readyState}`)
    source.addEventListener('tick', (event) => {
      const { data, lastEventId, origin } = event
      say(`${data} #${lastEventId} ${origin} ${event instanceof MessageEvent && event.target === source}`)
    })
  })
}
