import { flushSync, mount as mountComponent, unmount } from 'svelte'
import { Probe } from './probe.js'
import { controlled, sending } from './svelte/application.svelte.js'
import Handling from './svelte/Handling.svelte'

/** Mounts a component of its own for the settings `{ hook, url, options }`. */
export function mount(settings) {
  return controlled(new Probe(settings))
}

/** Mounts a component that reads nothing of the result. */
export function mountHandling({ url }) {
  const component = mountComponent(Handling, { target: document.body, props: { url, onEvent: ({ data }) => { globalThis.log.push(data) } } })
  flushSync()
  return { unmount: () => unmount(component) }
}

/** Mounts a component that sends in an effect. */
export function mountSending({ url }) {
  const mounted = sending(url)
  flushSync()
  return mounted
}
