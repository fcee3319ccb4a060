import * as React from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { Probe } from './probe.js'
import { Application, Probed } from './react-component.jsx'

export * as hooks from 'eventsource-wasm/react'
export { version } from 'react'
export { Probe, Probed, React, createRoot }

/** Mounts a component of its own for the settings `{ hook, url, options }`. */
export function mount(settings) {
  const probe = new Probe(settings)
  return controlled(createRoot(newContainer()), probe)
}

/** Takes over what the server has rendered for the same settings. */
export function hydrate(settings, html) {
  const container = newContainer()
  container.innerHTML = html
  const complaints = []
  const probe = new Probe(settings)
  const { error: print } = console
  console.error = (...parts) => complaints.push(parts.map(String).join(' '))
  const root = hydrateRoot(container, <Application key={0} probe={probe} />, {
    onRecoverableError: (error) => complaints.push(String(error)),
  })
  const unmount = () => {
    console.error = print
    root.unmount()
  }
  return { ...controlled(root, probe), unmount, complaints, container }
}

function newContainer() {
  return document.body.appendChild(document.createElement('div'))
}

function controlled(root, probe) {
  let key = 0
  const render = () => root.render(<Application key={key} probe={probe} />)
  const remount = () => {
    key += 1
    render()
  }
  render()
  return { probe, render, remount, unmount: () => root.unmount() }
}
