import { renderToString } from 'solid-js/web'
import { Probe } from './probe.js'
import { Probed } from './solid-component.jsx'

export async function render(settings) {
  const probe = new Probe(settings)
  return renderToString(() => <Probed probe={probe} settings={() => ({ url: probe.url, version: 1 })} />)
}
