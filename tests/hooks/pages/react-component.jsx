import { StrictMode, useEffect } from 'react'
import { useEventSource, useEventStream } from 'eventsource-wasm/react'

/** Uses the hook of its probe, shows the data and reports every commit. */
export function Probed({ probe }) {
  return probe.hook === 'useEventStream' ? <ProbedStream probe={probe} /> : <ProbedSource probe={probe} />
}

function ProbedSource({ probe }) {
  const result = useEventSource(probe.url, probe.options?.())
  useEffect(() => probe.committed(result))
  return <output>{result.status}: {JSON.stringify(result.data)}</output>
}

function ProbedStream({ probe }) {
  const result = useEventStream(probe.url, probe.options?.())
  useEffect(() => probe.committed(result))
  return <output>{result.status}: {JSON.stringify(result.data)}</output>
}

/** The application of one probe, as the server renders it and the page hydrates it. */
export function Application({ probe }) {
  return <StrictMode><Probed probe={probe} /></StrictMode>
}
