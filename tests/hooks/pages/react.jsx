import * as React from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import * as hooks from 'eventsource-wasm/react'
import { EventSource } from 'eventsource-wasm'
import { sharedFetch } from 'eventsource-wasm/share'
import { Probe } from './probe.js'
import { Application, Probed } from './react-component.jsx'


/** Mounts a component of its own for the settings `{ hook, url, options }`. */
export function mount(settings) {
  const mounted = controlled(createRoot(newContainer()), new Probe(settings))
  mounted.render()
  return mounted
}

export const { openConnections } = hooks
export { EventSource, sharedFetch }

/** Mounts a component below default options. */
export function mountWithDefaults(settings, defaults) {
  const root = createRoot(newContainer())
  const probe = new Probe(settings)
  root.render(<hooks.EventSourceDefaults options={defaults}><Application probe={probe} /></hooks.EventSourceDefaults>)
  return { probe, unmount: () => root.unmount() }
}

/** Takes over what the server has rendered for the same settings. */
export function hydrate(settings, html) {
  const container = newContainer()
  container.innerHTML = html
  const probe = new Probe(settings)
  const complaints = []
  const { error: print } = console
  console.error = (...parts) => complaints.push(parts.map(String).join(' '))
  const onRecoverableError = (error) => complaints.push(String(error))
  const root = hydrateRoot(container, <Application key={0} probe={probe} />, { onRecoverableError })
  const unmount = () => {
    console.error = print
    root.unmount()
  }
  return { ...controlled(root, probe), unmount, complaints }
}

/** Renders a component that may suspend, below a fallback and an error boundary. */
export function mountSuspending(settings) {
  const container = newContainer()
  const root = createRoot(container)
  const probe = new Probe(settings)
  const boundary = React.createRef()
  root.render(
    <React.StrictMode>
      <Boundary ref={boundary}>
        <React.Suspense fallback="waiting"><Probed probe={probe} /></React.Suspense>
      </Boundary>
    </React.StrictMode>,
  )
  /** Resolves once the visible text matches. */
  const untilText = (pattern) => new Promise((resolve) => {
    const observer = new MutationObserver(look)
    function look() {
      if (!pattern.test(container.innerText)) return
      observer.disconnect()
      resolve()
    }
    observer.observe(container, { childList: true, characterData: true, attributes: true, subtree: true })
    look()
  })
  /** Not sooner than a person could. */
  const retry = () => new Promise((resolve) => {
    setTimeout(() => boundary.current.setState({ error: undefined }, resolve), 200)
  })
  return { untilText, retry, unmount: () => root.unmount() }
}

class Boundary extends React.Component {
  state = {}
  static getDerivedStateFromError(error) {
    return { error }
  }
  render() {
    return this.state.error ? `failed: ${this.state.error.message}` : this.props.children
  }
}

/** A slow list of components of one stream, mounted in a transition: React renders it in slices, between which events arrive. */
export function mountMany(settings, count) {
  const container = newContainer()
  const probe = new Probe(settings)
  const rendered = []
  const shown = []
  function One() {
    const { data } = hooks.useEventSource(probe.url, probe.options())
    rendered.push(data)
    const end = performance.now() + 2
    while (performance.now() < end);
    return <i>{data}</i>
  }
  function Many() {
    const [isShown, show] = React.useState(false)
    // Runs when a commit has changed the document, before anybody can see it.
    React.useLayoutEffect(() => {
      const observer = new MutationObserver(() => shown.push(texts()))
      observer.observe(container, { childList: true, characterData: true, subtree: true })
      React.startTransition(() => show(true))
      return () => observer.disconnect()
    }, [])
    return isShown && Array.from({ length: count }, (_, index) => <One key={index} />)
  }
  const texts = () => [...new Set(Array.from(container.querySelectorAll('i'), ({ textContent }) => textContent))]
  const root = createRoot(container)
  root.render(<Many />)
  return { rendered, shown, texts, unmount: () => root.unmount() }
}

/** A component that `show` makes hidden and visible, in an `Activity`. */
export function mountHidable(settings) {
  const root = createRoot(newContainer())
  const probe = new Probe(settings)
  const show = (isVisible) => root.render(
    <React.Activity mode={isVisible ? 'visible' : 'hidden'}><Application probe={probe} /></React.Activity>,
  )
  show(true)
  return { probe, show, unmount: () => root.unmount() }
}

/** A component that reads one field of the result. */
export function mountReading(settings, field) {
  const container = newContainer()
  const root = createRoot(container)
  const probe = new Probe(settings)
  let commits = 0
  function Reading() {
    const result = hooks.useEventSource(probe.url, probe.options())
    React.useLayoutEffect(() => { commits += 1 })
    return String(result[field])
  }
  root.render(<Reading />)
  const untilText = async (text) => {
    while (container.innerText !== text) await new Promise(requestAnimationFrame)
  }
  return { untilText, commits: () => commits, unmount: () => root.unmount() }
}

/** A page of many rows, rendered in a transition beside a component that shows a stream. Says how long that took. */
export function mountBesideTransition(settings, rows) {
  const probe = new Probe(settings)
  let show
  function Row() {
    const end = performance.now() + 0.3
    while (performance.now() < end);
    return <i />
  }
  function Page() {
    const [count, setCount] = React.useState(0)
    show = () => React.startTransition(() => setCount(rows))
    return Array.from({ length: count }, (_, index) => <Row key={index} />)
  }
  const container = newContainer()
  const root = createRoot(container)
  root.render(<><Probed probe={probe} /><Page /></>)
  const transition = () => new Promise((resolve) => {
    const begin = performance.now()
    const observer = new MutationObserver(() => {
      if (container.querySelectorAll('i').length < rows) return
      observer.disconnect()
      resolve(performance.now() - begin)
    })
    observer.observe(container, { childList: true, subtree: true })
    show()
  })
  return { probe, transition, unmount: () => root.unmount() }
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
  return { probe, render, remount, unmount: () => root.unmount() }
}
