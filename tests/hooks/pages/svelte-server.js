import { render as renderComponent } from 'svelte/server'
import { Probe } from './probe.js'
import Probed from './svelte/Probed.svelte'

export async function render(settings) {
  const probe = new Probe(settings)
  return renderComponent(Probed, { props: { probe, settings: { url: probe.url, version: 1 } } }).body
}
