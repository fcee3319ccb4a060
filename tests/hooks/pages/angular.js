import '@angular/compiler'
import { Component, createComponent, effect, EnvironmentInjector, Input, input, inputBinding, provideZonelessChangeDetection, signal } from '@angular/core'
import { createApplication } from '@angular/platform-browser'
import { injectEventSource, injectEventStream } from 'eventsource-wasm/angular'
import { Probe } from './probe.js'

const hooks = { useEventSource: injectEventSource, useEventStream: injectEventStream }
const application = await createApplication({ providers: [provideZonelessChangeDetection()] })

/** Uses the hook of its probe, shows the data and reports every change. */
class Probed {
  // As Angular's compiler writes it.
  static propDecorators = Object.fromEntries(['probe', 'settings'].map((name) => [name, [{ type: Input, args: [{ isSignal: true, alias: name, required: true }] }]]))
  probe = input.required()
  settings = input.required()
  result = hooks[current.hook](() => this.settings().url, () => ({ ...this.settings().version && undefined, ...this.probe().options?.() }))

  constructor() {
    const read = () => Object.fromEntries(Object.entries(this.result).map(([name, value]) => [name, name in actions ? value : value()]))
    const actions = Object.fromEntries(['close', 'reconnect', 'send', 'stop', 'retry', 'regenerate', 'reset', 'setMessages'].map((name) => [name, true]))
    effect(() => this.probe().committed(read()))
  }

  text() {
    return JSON.stringify(this.result.data())
  }
}
Component({
  selector: 'probed-component',
  template: '<output>{{ result.status() }}: {{ text() }}</output>',
})(Probed)

/** Whose component is being made. */
let current

/** Mounts a component of its own for the settings `{ hook, url, options }`. */
export function mount(given) {
  const probe = new Probe(given)
  const settings = signal({ url: probe.url, version: 1 })
  const hostElement = document.body.appendChild(document.createElement('div'))
  const begin = () => {
    current = probe
    const component = createComponent(Probed, {
      environmentInjector: application.injector.get(EnvironmentInjector),
      hostElement: hostElement.appendChild(document.createElement('div')),
      bindings: [inputBinding('probe', () => probe), inputBinding('settings', settings)],
    })
    application.attachView(component.hostView)
    application.tick()
    return component
  }
  let component = begin()
  const render = () => settings.update(({ version }) => ({ url: probe.url, version: version + 1 }))
  const remount = () => {
    const old = component
    component = begin()
    old.destroy()
  }
  return { probe, render, remount, text: () => hostElement.textContent, unmount: () => component.destroy() }
}

/** Mounts a component that reads nothing of the result. */
export function mountHandling({ url }) {
  class Handling {
    result = injectEventSource(url, { onEvent: ({ data }) => { globalThis.log.push(data) } })
  }
  Component({ selector: 'handling-component', template: '' })(Handling)
  const component = createComponent(Handling, {
    environmentInjector: application.injector.get(EnvironmentInjector),
    hostElement: document.body.appendChild(document.createElement('div')),
  })
  application.attachView(component.hostView)
  return { unmount: () => component.destroy() }
}

/** Mounts a component that sends in an effect. */
export function mountSending({ url }) {
  const [question, token] = [signal('one'), signal('a')]
  class Sending {
    result = injectEventStream(url, () => ({ headers: { 'x-token': token() } }))

    constructor() {
      effect(() => { void this.result.send(question()) })
      effect(() => { globalThis.log.push(this.result.data()) })
    }
  }
  Component({ selector: 'sending-component', template: '' })(Sending)
  const component = createComponent(Sending, {
    environmentInjector: application.injector.get(EnvironmentInjector),
    hostElement: document.body.appendChild(document.createElement('div')),
  })
  application.attachView(component.hostView)
  return { ask: (text) => question.set(text), renew: (text) => token.set(text), unmount: () => component.destroy() }
}
