importScripts('./node_modules/eventsource-wasm/dist/classic.js')

const { EventSource: EventSourceOfPackage } = EventSourceWasm

// It cannot import the module that others play by.
onmessage = (message) => {
  const heard = []
  const hear = ({ data }) => {
    heard.push(data)
    message.source.postMessage(heard.join(' '))
    return data
  }
  message.waitUntil(new Promise((resolve) => {
    const events = new EventSourceOfPackage(`${message.data}/events`)
    events.onmessage = (event) => {
      if (hear(event) !== '12') return
      events.close()
      const echo = new EventSourceOfPackage(`${message.data}/echo`, { method: 'POST', body: 'hello', complete: ({ type }) => type === 'end' })
      echo.onmessage = (reply) => resolve(hear(reply))
    }
  }))
}
