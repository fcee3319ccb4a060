import * as Vue from 'vue'
import * as hooks from 'eventsource-wasm/vue'
import { EventSource } from 'eventsource-wasm'
import { sharedFetch } from 'eventsource-wasm/share'
import { Probe } from './probe.js'
import { Probed } from './vue-component.js'


/** Mounts a component of its own for the settings `{ hook, url, options }`. */
export function mount(settings) {
  return controlled(Vue.createApp, document.createElement('div'), new Probe(settings))
}

export const { openConnections } = hooks
export { EventSource, sharedFetch }

/** Mounts a component of an application with default options. */
export function mountWithDefaults(settings, defaults) {
  const prepare = (app) => app.use(hooks.eventSourceDefaults(defaults))
  return controlled(Vue.createApp, document.createElement('div'), new Probe(settings), prepare)
}

/** Takes over what the server has rendered for the same settings. */
export function hydrate(settings, html) {
  const container = document.createElement('div')
  container.innerHTML = html
  const complaints = []
  const listen = (app) => {
    app.config.warnHandler = (message) => complaints.push(message)
    app.config.errorHandler = (error) => complaints.push(String(error))
  }
  return { ...controlled(Vue.createSSRApp, container, new Probe(settings), listen), complaints }
}

/** A component that `show` takes out of the document and puts back, in a `KeepAlive`. */
export function mountHidable(settings) {
  const probe = new Probe(settings)
  const isShown = Vue.ref(true)
  const view = () => Vue.h(Vue.KeepAlive, null, [isShown.value ? Vue.h(Probed, { probe, settings: { url: probe.url, version: 1 } }) : Vue.h('p')])
  const app = Vue.createApp({ render: view })
  app.mount(document.body.appendChild(document.createElement('div')))
  return { probe, show: (value) => { isShown.value = value }, unmount: () => app.unmount() }
}

/** The composable in a scope of its own, outside of components. */
export function runInScope({ url }) {
  const scope = Vue.effectScope()
  const watched = []
  const address = Vue.shallowRef(url)
  const refs = scope.run(() => {
    const refs = hooks.useEventSource(address, { flush: 'microtask' })
    Vue.watch(refs.data, (data) => watched.push(data), { flush: 'sync' })
    return refs
  })
  return { address, refs, watched, unmount: () => scope.stop() }
}

/**
 * A component that calls the composable somewhere in its life, or first of all in a scope that outlives it. `hide` takes
 * it out of the document, for another component that uses the same scope.
 */
export function mountCalling({ url, options }, where) {
  const given = (0, eval)(`(${options})`)
  const started = Vue.ref(0)
  const isShown = Vue.ref(true)
  const store = Vue.effectScope(true)
  const used = Vue.shallowRef()
  const use = () => { used.value ??= hooks.useEventSource(url, given?.(Vue)) }
  const Caller = {
    setup() {
      if (where === 'setup') use()
      if (where === 'onMounted') Vue.onMounted(use)
      if (where === 'onActivated') Vue.onActivated(use)
      if (where === 'watcher') Vue.watch(started, use)
      if (where === 'store') store.run(use)
      return () => Vue.h('output', used.value?.data.value)
    },
  }
  const view = () => Vue.h(Vue.KeepAlive, null, [isShown.value ? Vue.h(Caller) : Vue.h('p')])
  const app = Vue.createApp({ render: view })
  app.mount(document.body.appendChild(document.createElement('div')))
  started.value += 1
  const until = async (predicate) => {
    const holds = (0, eval)(`(${predicate})`)
    while (!(used.value && holds(used.value))) await new Promise(requestAnimationFrame)
  }
  return { used, until, show: (value) => { isShown.value = value }, stop: () => store.stop(), unmount: () => app.unmount() }
}

function controlled(create, container, probe, prepare = () => {}) {
  const settings = Vue.shallowReactive({ url: probe.url, version: 1 })
  const key = Vue.ref(0)
  const app = create({ render: () => Vue.h(Probed, { key: key.value, probe, settings }) })
  prepare(app)
  document.body.append(container)
  app.mount(container)
  const render = () => {
    settings.url = probe.url
    settings.version += 1
  }
  const remount = () => { key.value += 1 }
  return { probe, render, remount, unmount: () => app.unmount() }
}
