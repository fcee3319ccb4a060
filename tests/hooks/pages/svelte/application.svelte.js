import { flushSync, mount, unmount } from 'svelte'
import Probed from './Probed.svelte'
import Sending from './Sending.svelte'

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

/** A component that sends in an effect. */
export function sending(url) {
  const given = $state({ question: 'one', token: 'a' })
  const component = mount(Sending, { target: document.body, props: { url, given, log: (data) => globalThis.log.push(data) } })
  const set = (name) => (value) => {
    given[name] = value
    flushSync()
  }
  return { ask: set('question'), renew: set('token'), unmount: () => unmount(component) }
}
