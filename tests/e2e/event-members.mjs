/**
 * Runs in any runtime: compares the members of a message with those of the runtime's own event with the same content.
 * Returns the differences, as lines.
 */
export async function differences(EventSource) {
  const content = { data: 'x', lastEventId: '7', origin: 'http://stream.example' }
  const target = new EventTarget()
  const native = await dispatched(target, () => target.dispatchEvent(new MessageEvent('message', content)))
  const stream = new Response('id: 7\ndata: x\n\n', { headers: { 'content-type': 'text/event-stream' } })
  const source = new EventSource(`${content.origin}/`, { fetch: async () => stream })
  const ours = await dispatched(source, () => {})
  source.close()
  const lines = []
  for (const [question, expected] of native) {
    const actual = ours.get(question)
    if (actual !== expected) lines.push(`${question}: ${actual}, not ${expected}`)
  }
  return lines
}

/** The members of a target's next message, while it is dispatched and after. */
async function dispatched(target, dispatch) {
  const answers = new Map()
  const listened = new Promise((resolve) => {
    target.addEventListener('message', (event) => {
      for (const member of membersOf(new MessageEvent(''))) answers.set(`${member} in a listener`, answer(() => event[member], target))
      resolve(event)
    })
  })
  dispatch()
  const event = await listened
  for (const member of membersOf(new MessageEvent(''))) answers.set(`${member} afterwards`, answer(() => event[member], target))
  for (const [question, ask] of Object.entries(questions)) answers.set(question, answer(() => ask(event), target))
  return answers
}

/** The names of all that the object and its prototypes have, up to `Object`. */
function membersOf(object) {
  const names = new Set()
  for (let owner = object; owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    for (const name of Object.getOwnPropertyNames(owner)) names.add(name)
  }
  names.delete('constructor')
  // When it was made, and whether by a script: these are to differ.
  names.delete('timeStamp')
  return names
}

const questions = {
  'instance of MessageEvent': (event) => event instanceof MessageEvent && event instanceof Event,
  'its constructor': (event) => event.constructor === MessageEvent,
  'as a string': (event) => `${event}`,
  'the type of timeStamp': (event) => typeof event.timeStamp,
  'a spread copy has at least': (event) => atLeast({ ...event }, { ...new MessageEvent('') }),
  'JSON has at least': (event) => atLeast(JSON.parse(JSON.stringify(event)), JSON.parse(JSON.stringify(new MessageEvent('')))),
  'structuredClone': (event) => canBeCloned(new MessageEvent('')) ? canBeCloned(event) : true,
}

function atLeast(copy, expected) {
  return Object.keys(expected).filter((key) => !(key in copy)).length
}

function canBeCloned(event) {
  try {
    structuredClone(event)
    return true
  } catch {
    return false
  }
}

function answer(ask, target) {
  try {
    const value = ask()
    if (value === target) return 'the target'
    if (typeof value === 'function') return 'a function'
    return Array.isArray(value) ? `[${value}]` : String(value)
  } catch (error) {
    return `throws ${error.name}`
  }
}
