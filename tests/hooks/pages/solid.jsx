import { createSignal, Show } from 'solid-js'
import { render as renderInto } from 'solid-js/web'
import { Probe } from './probe.js'
import { Handling, Probed, Sending } from './solid-component.jsx'

const container = () => document.body.appendChild(document.createElement('div'))

/** Mounts a component of its own for the settings `{ hook, url, options }`. */
export function mount(given) {
  const probe = new Probe(given)
  const [settings, set] = createSignal({ url: probe.url, version: 1 })
  const [key, setKey] = createSignal(1)
  const target = container()
  const unmount = renderInto(() => <Show when={key()} keyed>{(_key) => <Probed probe={probe} settings={settings} />}</Show>, target)
  const render = () => set(({ version }) => ({ url: probe.url, version: version + 1 }))
  return { probe, render, remount: () => setKey((key) => key + 1), text: () => target.textContent, unmount }
}

/** Mounts a component that reads nothing of the result. */
export function mountHandling({ url }) {
  return { unmount: renderInto(() => <Handling url={url} onEvent={({ data }) => { globalThis.log.push(data) }} />, container()) }
}

/** Mounts a component that sends in an effect. */
export function mountSending({ url }) {
  const [question, ask] = createSignal('one')
  const [token, renew] = createSignal('a')
  const log = (data) => globalThis.log.push(data)
  return { ask, renew, unmount: renderInto(() => <Sending url={url} question={question} token={token} log={log} />, container()) }
}
