importScripts('../node_modules/eventsource-wasm/dist/classic.js')

onmessage = async ({ data: server }) => {
  const { play } = await import('../play.js')
  play(EventSourceWasm.EventSource, server, postMessage)
}
