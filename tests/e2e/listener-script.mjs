/**
 * Runs in the page: plays a script of listeners that is made from a seed. Listeners add and remove others, abort
 * signals, replace the handler attribute, stop the event and throw. Every call is written to a trace, so that two
 * targets can be compared.
 */

const TYPES = ['message', 'a', 'b']
const LISTENERS = 8
const EVENTS = 12

/** How a target is driven: its name for each event type, its handler attribute, and how it gets the events. */
const targets = {
  /** In a tree, if only of one node, so that every engine makes both passes of DOM 2.9. */
  element: () => platformTarget(document.createElement('i'), 'click'),
  /** Not in a tree. */
  signal: () => platformTarget(new AbortController().signal, 'abort'),
  light: (types) => source(types, 'light'),
  platform: (types) => source(types, 'platform'),
}

export async function play(targetName, seed) {
  const random = generator(seed)
  const script = {
    first: Array.from({ length: 6 }, () => action(random, ['add', 'add', 'handle'])),
    steps: Array.from({ length: LISTENERS }, () => Array.from({ length: random(4) }, () => action(random))),
    events: Array.from({ length: EVENTS }, () => TYPES[random(TYPES.length)]),
  }
  const { target, nameOf, handler, deliver } = await targets[targetName](script.events)
  const trace = []
  const controllers = Array.from({ length: 2 }, () => new AbortController())
  const called = (name, steps, event, that) => {
    const type = TYPES.find((type) => nameOf(type) === event.type)
    const position = [event.eventPhase, event.cancelBubble, event.currentTarget === target, event.composedPath().length]
    trace.push(`${name} ${that} ${type} ${event.data} ${position}`)
    for (const step of steps) act(step, event)
  }
  const receiver = (that, listener) => (that === target ? 'target' : that === listener ? 'listener' : 'other')
  const listeners = script.steps.map((steps, index) => {
    if (index % 3 === 0) {
      const object = { handleEvent(event) { called(index, steps, event, receiver(this, object)) } }
      return object
    }
    return function (event) { called(index, steps, event, receiver(this)) }
  })
  const act = ({ kind, type, index, signal, ...options }, event) => {
    const signalOption = signal === undefined ? {} : { signal: controllers[signal].signal }
    switch (kind) {
      case 'add': return target.addEventListener(nameOf(type), listeners[index], { ...options, ...signalOption })
      case 'remove': return target.removeEventListener(nameOf(type), listeners[index], options)
      case 'handle': return target[handler] = function (event) { called(`on${index}`, script.steps[index], event, receiver(this)) }
      case 'unhandle': return target[handler] = null
      case 'abort':
        controllers[index % 2].abort()
        return controllers[index % 2] = new AbortController()
      case 'stop': return event.stopPropagation()
      case 'stop at once': return event.stopImmediatePropagation()
      case 'throw': throw new Error(`of ${index}`)
    }
  }
  const report = (event) => {
    event.preventDefault()
    trace.push(`reported ${event.error.message}`)
  }
  addEventListener('error', report)
  for (const step of script.first) act(step)
  await deliver(script.events)
  removeEventListener('error', report)
  globalThis.uncaught.splice(0)
  return trace
}

function action(random, kinds = ['add', 'add', 'add', 'remove', 'remove', 'handle', 'unhandle', 'abort', 'stop', 'stop at once', 'throw']) {
  return {
    kind: kinds[random(kinds.length)],
    type: TYPES[random(TYPES.length)],
    index: random(LISTENERS),
    capture: random(3) === 0,
    once: random(3) === 0,
    passive: random(2) === 0,
    signal: [undefined, undefined, 0, 1][random(4)],
  }
}

function platformTarget(target, typeWithHandler) {
  const nameOf = (type) => (type === 'message' ? typeWithHandler : type)
  return {
    target,
    nameOf,
    handler: `on${typeWithHandler}`,
    deliver: (events) => events.forEach((type, index) => target.dispatchEvent(new MessageEvent(nameOf(type), { data: `${index}` }))),
  }
}

/** All events come in one chunk. */
async function source(types, events) {
  const { EventSource } = await import('eventsource-wasm')
  const stream = types.map((type, index) => `event: ${type}\ndata: ${index}\n\n`).join('')
  const target = new EventSource('/', { events, fetch: async () => new Response(stream, { headers: { 'content-type': 'text/event-stream' } }) })
  return {
    target,
    nameOf: (type) => type,
    handler: 'onmessage',
    deliver: async () => {
      await new Promise((resolve) => target.addEventListener('error', resolve, { once: true }))
      target.close()
    },
  }
}

/** Mulberry32: the same numbers for the same seed, everywhere. */
function generator(seed) {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
