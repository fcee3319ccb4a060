// Runs in a runtime: has the function that is named by the first argument throw, and prints the messages that come.
const [name, entry, decodeEntry] = process.argv.slice(2)
const { EventSource } = await import(entry)
const { decoded } = await import(decodeEntry)

const fail = () => { throw new Error('disk full') }
const failLater = async () => fail()
const store = { get: () => '', set: () => {} }
const init = {
  onComment: { onComment: fail },
  'async onComment': { onComment: failLater },
  complete: { complete: fail },
  decide: { reconnect: { decide: fail } },
  'store.get': { store: { ...store, get: fail } },
  'store.set': { store: { ...store, set: fail } },
  'async store.set': { store: { ...store, set: failLater } },
}[name]

// The first request breaks, so that there is something to decide.
let requests = 0
const fetch = async () => {
  requests += 1
  if (requests === 1 && name === 'decide') throw new TypeError('cut')
  return new Response('retry: 1\n: comment\n\nid: 1\ndata: "a"\n\nid: 2\ndata: "b"\n\n', { headers: { 'content-type': 'text/event-stream' } })
}
const source = new EventSource('http://stream.example/', { fetch, ...init })
const heard = []
if (name === 'listener') source.addEventListener('message', fail)
if (name === 'decoded') source.addEventListener('message', decoded(fail, () => {}))
source.onmessage = ({ data }) => heard.push(JSON.parse(data))
await new Promise((resolve) => { source.addEventListener('error', () => heard.length >= 2 && resolve()) })
source.close()
// What is reported late comes before a timer.
await new Promise((resolve) => { setTimeout(resolve, 50) })
console.log(heard.join(' '))
process.exit()
