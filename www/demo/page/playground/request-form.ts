import type { EventSourceInit } from 'eventsource-wasm'
import { EMPTY, EXAMPLES } from './examples.js'

/** What the form asks for. Every option is plain data. */
export interface FormRequest {
  url: string
  init: Omit<EventSourceInit, 'headers'> & { headers: Record<string, string> }
  types: string[]
  /** The event type or the data that is the last of the stream; empty if there is none. */
  last: string
}

/** The form of the playground. */
export class RequestForm {
  readonly #form: HTMLFormElement

  /** `onSubmit` is called when the reader wants to connect, `onChange` with every change. */
  constructor(form: HTMLFormElement, onSubmit: () => void, onChange: () => void) {
    this.#form = form
    form.addEventListener('submit', event => {
      event.preventDefault()
      onSubmit()
    })
    form.addEventListener('input', event => {
      if (event.target === form.elements.namedItem('example')) this.#fill()
      onChange()
    })
    this.#fill()
  }

  /** @throws `TypeError` if a line of the headers is none. */
  read(): FormRequest {
    const method = this.#value('method')
    const body = this.#value('body')
    const lastEventId = this.#value('lastEventId')
    return {
      url: this.#value('url'),
      init: {
        ...(method !== 'GET' && { method }),
        headers: headersOf(this.#value('headers')),
        ...(body && { body }),
        ...(lastEventId && { lastEventId }),
        ...this.#policy(),
      },
      types: this.#value('types').split(',').map(type => type.trim()).filter(Boolean),
      last: this.#value('last'),
    }
  }

  #policy(): Pick<EventSourceInit, 'reconnect' | 'timeouts'> {
    const choice = this.#value('reconnect')
    const details = {
      ...(this.#value('replay') === 'always' && { replay: 'always' as const }),
      ...this.#numbers('maxAttempts', 'maxBackoffMs'),
    }
    const timeouts = this.#numbers('openMs', 'idleMs')
    return {
      ...(choice === 'never' && { reconnect: false }),
      ...(choice === 'policy' && { reconnect: Object.keys(details).length === 0 || details }),
      ...(Object.keys(timeouts).length > 0 && { timeouts }),
    }
  }

  /** Of the fields with these names, those that are filled in. */
  #numbers(...names: string[]): Record<string, number> {
    return Object.fromEntries(names.filter(name => this.#value(name) !== '').map(name => [name, Number(this.#value(name))]))
  }

  #fill(): void {
    const example = EXAMPLES[this.#value('example')]
    if (example === undefined) return
    for (const [name, value] of Object.entries({ ...EMPTY, ...example })) {
      this.#field(name).value = value
    }
  }

  #value(name: string): string {
    return this.#field(name).value.trim()
  }

  #field(name: string): { value: string } {
    const field = this.#form.elements.namedItem(name)
    if (field === null || !('value' in field)) throw new TypeError(`the form has no field ${name}`)
    return field
  }
}

function headersOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  return Object.fromEntries(lines.map(line => {
    const colon = line.indexOf(':')
    if (colon < 1) throw new TypeError(`“${line}” is not a header: there is no colon`)
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
  }))
}
