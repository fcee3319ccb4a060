import { sessionStore } from 'eventsource-wasm/session-store'
import * as valibot from 'valibot'

// For the options that tests send as source text.
globalThis.valibot = valibot
globalThis.sessionStore = sessionStore
globalThis.log = []

/** What a test sees of one component that uses a hook. Framework-neutral: the pages make components of it. */
export class Probe {
  url
  /** Called for every render, so its objects and functions are new each time, as inline options are. */
  options
  hook
  /** How often the component has been rendered into the document. */
  commits = 0
  result
  #waiting = []

  constructor({ hook = 'useEventSource', ...settings }) {
    this.hook = hook
    this.configure(settings)
  }

  configure({ url = this.url, options }) {
    this.url = url
    if (options !== undefined) this.options = (0, eval)(`(${options})`)
  }

  committed(result) {
    this.commits += 1
    this.result = result
    for (const { holds, resolve } of this.#waiting) if (holds(result)) resolve()
  }

  /** Resolves once a committed result fulfils the predicate, given as source text. */
  until(predicate) {
    const holds = (0, eval)(`(${predicate})`)
    if (this.result !== undefined && holds(this.result)) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ holds, resolve }))
  }

  /** The result as JSON can carry it, and how often the component was committed. */
  read() {
    const { error, ...rest } = this.result
    const values = Object.entries(rest).filter(([, value]) => value !== undefined && typeof value !== 'function')
    return { ...Object.fromEntries(values), ...(error && { error: plainError(error) }), commits: this.commits }
  }
}

function plainError({ kind, message, willReconnect, event, issues }) {
  return { kind, message, willReconnect, event, issues }
}
