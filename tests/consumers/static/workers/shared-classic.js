importScripts('../node_modules/eventsource-wasm/dist/classic.js')

onconnect = ({ ports: [port] }) => {
  port.onmessage = async ({ data: server }) => {
    const { play } = await import('../play.js')
    play(EventSourceWasm.EventSource, server, (text) => port.postMessage(text))
  }
}
