/** Runs in the page: makes realms of every kind that answer `ask`, see realm.mjs. */

const moduleCode = `
  import { EventSource as ours } from '${location.origin}/package/dist/index.js'
  import { answer } from '${location.origin}/e2e/realm.mjs'
  answer({ native: globalThis.EventSource, ours })
`
const classicUrl = `${location.origin}/realm-classic.js`
const moduleUrl = `${location.origin}/realm-module.js`
const blobUrl = (code) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))

const makers = {
  'an iframe': () => frame({ src: '/frame/page' }),
  'an about:blank iframe': () => blankFrame(),
  'a srcdoc iframe': () => frame({ srcdoc: `<script type="module">${moduleCode};parent.postMessage('ready')</script>` }),
  'a dedicated worker, module': () => dedicated(moduleUrl, 'module'),
  'a dedicated worker, classic': () => dedicated(classicUrl, 'classic'),
  'a blob worker, module': () => dedicated(blobUrl(moduleCode), 'module'),
  'a blob worker, classic': () => dedicated(blobUrl(`importScripts('${classicUrl}')`), 'classic'),
  'a shared worker, module': () => shared(moduleUrl, 'module'),
  'a shared worker, classic': () => shared(classicUrl, 'classic'),
  'a service worker, module': () => service(moduleUrl, 'module'),
  'a service worker, classic': () => service(classicUrl, 'classic'),
}

const realms = new Map()

export const make = async (name) => { realms.set(name, await makers[name]()) }
export const end = (name) => realms.get(name).end()

export function ask(name, question) {
  const { port1, port2 } = new MessageChannel()
  realms.get(name).post(question, port2)
  return new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data) })
}

function dedicated(url, type) {
  const worker = new Worker(url, { type })
  return { post: (question, port) => worker.postMessage(question, [port]), end: () => worker.terminate() }
}

function shared(url, type) {
  const { port } = new SharedWorker(url, { type, name: crypto.randomUUID() })
  port.start()
  return { post: (question, answerTo) => port.postMessage(question, [answerTo]), end: () => port.postMessage('close') }
}

async function service(url, type) {
  const registration = await navigator.serviceWorker.register(url, { type, scope: `/${type}/` })
  const worker = registration.installing ?? registration.waiting ?? registration.active
  while (worker.state !== 'activated') {
    await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }))
  }
  return { post: (question, port) => worker.postMessage(question, [port]), end: () => registration.unregister() }
}

async function frame(attributes) {
  const element = Object.assign(document.createElement('iframe'), attributes)
  const ready = message('ready')
  document.body.append(element)
  await ready
  return framed(element)
}

async function blankFrame() {
  const element = document.createElement('iframe')
  document.body.append(element)
  const script = element.contentDocument.createElement('script')
  script.type = 'module'
  script.text = `${moduleCode};parent.postMessage('ready')`
  const ready = message('ready')
  element.contentDocument.body.append(script)
  await ready
  return framed(element)
}

function framed(element) {
  return {
    post: (question, port) => element.contentWindow.postMessage(question, '*', [port]),
    end: () => element.remove(),
  }
}

function message(data) {
  return new Promise((resolve) => {
    const listen = (event) => {
      if (event.data !== data) return
      removeEventListener('message', listen)
      resolve()
    }
    addEventListener('message', listen)
  })
}
