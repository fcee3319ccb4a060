/** Runs where the client does: what a sink hears, in a form that can be compared. */

const shown = (error) => {
  const { name, message, kind, status, errors } = error
  return Object.fromEntries(Object.entries({ name, message, kind, status, errors }).filter(([, value]) => value !== undefined))
}

/** A sink that notes what it hears. */
export class Recording {
  heard = []
  #waiting = []

  next(result) {
    this.#add(result)
  }

  error(error) {
    this.#add({ error: shown(error) })
    this.#add('over')
  }

  complete() {
    this.#add('complete')
    this.#add('over')
  }

  /** Resolves when this many were heard. */
  async until(count) {
    while (this.heard.length < count) await new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Resolves to what was heard when it is over. */
  async ended() {
    while (this.heard.at(-1) !== 'over') await new Promise((resolve) => this.#waiting.push(resolve))
    return this.heard.slice(0, -1)
  }

  #add(what) {
    this.heard.push(what)
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/** What a sink hears of one operation, until it is over. */
export function outcome(client, request) {
  const recording = new Recording()
  client.subscribe(request, recording)
  return recording.ended()
}

/** The same of a loop. */
export async function loopOutcome(iterator) {
  const heard = []
  try {
    for await (const result of iterator) heard.push(result)
  } catch (error) {
    return [...heard, { error: shown(error) }]
  }
  return [...heard, 'complete']
}

/** A log of what a client tells of its connections. */
export function eventLog() {
  const log = []
  const on = {
    connecting: (again) => log.push(`connecting ${again}`),
    connected: (again) => log.push(`connected ${again}`),
    retrying: ({ kind }) => log.push(`retrying ${kind}`),
    message: ({ type }) => log.push(`message ${type}`),
    closed: (error) => log.push(error === undefined ? 'closed' : `closed ${error.kind ?? error}`),
  }
  return { log, on }
}
