import { flushSync, mount, unmount } from 'svelte'
import Probed from './Probed.svelte'

/** A component that can be rendered again, replaced and taken out of the document. */
export function controlled(probe) {
  const settings = $state({ url: probe.url, version: 1 })
  const target = document.body.appendChild(document.createElement('div'))
  const begin = () => mount(Probed, { target, props: { probe, settings } })
  let component = begin()
  const render = () => {
    settings.url = probe.url
    settings.version += 1
    flushSync()
  }
  const remount = () => {
    const old = component
    component = begin()
    unmount(old)
  }
  return { probe, render, remount, text: () => target.textContent, unmount: () => unmount(component) }
}
