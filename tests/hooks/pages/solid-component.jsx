import { createEffect } from 'solid-js'
import { useEventSource, useEventStream } from 'eventsource-wasm/solid'

const hooks = { useEventSource, useEventStream }

/** Uses the hook of its probe, shows the data and reports every change. */
export function Probed({ probe, settings }) {
  const result = hooks[probe.hook](() => settings().url, () => ({ ...settings().version && undefined, ...probe.options?.() }))
  createEffect(() => probe.committed({ ...result }))
  return <output>{result.status}: {JSON.stringify(result.data)}</output>
}

/** Shows nothing: it has a handler. */
export function Handling({ url, onEvent }) {
  useEventSource(url, { onEvent })
}

/** Shows nothing: it has an effect that sends. */
export function Sending({ url, question, token, log }) {
  const result = useEventStream(url, () => ({ headers: { 'x-token': token() } }))
  createEffect(() => { void result.send(question()) })
  createEffect(() => log(result.data))
}
