import * as Vue from 'vue'
import { Probe } from './probe.js'
import { Probed } from './vue-component.js'

export * as hooks from 'eventsource-wasm/vue'
export { version } from 'vue'
export { Probe, Probed, Vue }

/** Mounts a component of its own for the settings `{ hook, url, options }`. */
export function mount(settings) {
  return controlled(Vue.createApp, document.createElement('div'), new Probe(settings))
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
  return { ...controlled(Vue.createSSRApp, container, new Probe(settings), listen), complaints, container }
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
