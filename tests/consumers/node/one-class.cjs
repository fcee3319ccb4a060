const required = { ...require('eventsource-wasm'), ...require('eventsource-wasm/decode') }

Promise.all([import('eventsource-wasm'), import('eventsource-wasm/decode')]).then(([{ EventSource }, { DecodeError }]) => {
  console.log(required.EventSource === EventSource, required.DecodeError === DecodeError)
})
