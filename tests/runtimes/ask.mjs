// Runs in the runtime or environment that is named by the first argument; the second is the built package's URL. Prints JSON.
import { differences } from '../e2e/event-members.mjs'

const [environment, entry, from] = process.argv.slice(2)
const prepare = {
  jsdom: async () => {
    const { JSDOM } = await import(`${from}/node_modules/jsdom/lib/api.js`)
    const { window } = new JSDOM('', { url: 'http://localhost/' })
    const { Event, EventTarget, MessageEvent } = window
    Object.assign(globalThis, { Event, EventTarget, MessageEvent })
  },
  'happy-dom': async () => {
    const { GlobalRegistrator } = await import(`${from}/node_modules/@happy-dom/global-registrator/lib/index.js`)
    GlobalRegistrator.register({ url: 'http://localhost/' })
  },
}
await prepare[environment]?.()
const { EventSource } = await import(entry)


const response = (status, text) => async () => new Response(text, { status, headers: { 'content-type': 'text/event-stream' } })
const heard = (type, init) => new Promise((resolve) => {
  const source = new EventSource('http://stream.example/', init)
  source.addEventListener(type, (event) => {
    resolve(event)
    source.close()
  })
})

const message = await heard('message', { fetch: response(200, 'id: 7\ndata: x\n\n') })
const error = await heard('error', { fetch: async () => { throw new TypeError('refused', { cause: new Error('nobody listens') }) }, reconnect: false })
console.error(JSON.stringify({ differences: await differences(EventSource) }))
console.log(message)
console.log(error)
process.exit()
