import type { EventSource, EventSourceErrorEvent } from 'eventsource-wasm'
import { EventLog } from './event-log.js'
import { explain } from './explain.js'
import { isFault, requestFault } from './faults.js'
import { part } from './part.js'
import { Pill, type State } from './pill.js'
import { Strip } from './strip.js'
import { Tally } from './tally.js'

/** Opens the stream for a client of the switchboard, after an event unless `lastEventId` is empty. */
export type Connect = (client: string, lastEventId: string) => EventSource

/** The instruments beside a stream: its state, counters, log, and the buttons that break it. */
export class StreamPanel {
  readonly #connect: Connect
  readonly #client = Math.random().toString(36).slice(2)
  #source: EventSource | undefined
  #connections = 0
  #tally = new Tally()

  readonly #root: ParentNode
  readonly #pill: Pill
  readonly #strip: Strip
  readonly #log: EventLog
  readonly #faults: HTMLElement
  readonly #again: HTMLButtonElement

  constructor(section: Element, connect: Connect) {
    const template = document.getElementById('instruments')
    if (!(template instanceof HTMLTemplateElement)) throw new TypeError('no template for the instruments')
    part(section, 'instruments', HTMLElement).append(template.content.cloneNode(true))

    this.#root = section
    this.#connect = connect
    this.#strip = new Strip(part(section, 'strip', HTMLElement))
    this.#log = new EventLog(part(section, 'log', HTMLElement))
    this.#faults = part(section, 'faults', HTMLElement)
    this.#again = part(section, 'again', HTMLButtonElement)
    this.#pill = new Pill(part(section, 'pill', HTMLElement), state => this.#offer(state))

    this.#faults.addEventListener('click', event => this.#break(event.target))
    this.#again.addEventListener('click', () => this.#toggle())
  }

  /** Opens the stream from its beginning. */
  start(): void {
    this.#tally = new Tally()
    this.#connections = 0
    this.#strip.clear()
    this.#log.clear()
    this.#open('')
  }

  /** Opens the stream anew, after the last event that arrived. */
  resume(): void {
    this.#open(this.#source?.lastEventId ?? '')
  }

  /** Counts and logs an event of the stream, whose id is its number. */
  record(event: MessageEvent<string>): void {
    const gap = this.#tally.add(Number(event.lastEventId))
    this.#strip.add(this.#connections, gap)
    this.#log.event(event.type, event.lastEventId, event.data)
    this.#count()
  }

  /** The stream has said that there is no more: closes it. */
  complete(event: MessageEvent<string>): void {
    this.#log.event(event.type, '', event.data)
    this.#close('complete', 'The server said that this is all.')
  }

  #open(lastEventId: string): void {
    this.#source?.close()
    this.#pill.show('connecting')
    this.#note(lastEventId ? `Asking for what comes after ${lastEventId}.` : 'Connecting.')

    const source = this.#connect(this.#client, lastEventId)
    source.addEventListener('open', () => this.#opened(source.lastEventId))
    source.addEventListener('error', event => this.#failed(event))
    this.#source = source
    this.#count()
  }

  #opened(lastEventId: string): void {
    this.#connections += 1
    this.#pill.show('open')
    this.#note(lastEventId ? `Goes on after ${lastEventId}.` : 'Connected.')
    this.#log.state('open', lastEventId && `after ${lastEventId}`)
    this.#count()
  }

  #failed(error: EventSourceErrorEvent): void {
    if (error.delayMs === undefined) this.#pill.show('closed')
    else this.#pill.wait(error.delayMs)
    this.#note(explain(error, this.#source?.lastEventId ?? ''))
    this.#log.state('error', error.willReconnect ? `${error.kind}, again in ${error.delayMs} ms` : `${error.kind}, closed`)
  }

  #close(state: 'closed' | 'complete', note: string): void {
    this.#source?.close()
    this.#pill.show(state)
    this.#note(note)
    this.#log.state('close', '')
  }

  #toggle(): void {
    if (this.#pill.state === 'complete') this.start()
    else if (this.#pill.state === 'closed') this.resume()
    else this.#close('closed', 'Closed by you.')
  }

  #break(target: EventTarget | null): void {
    const button = target instanceof Element ? target.closest('button') : null
    if (button === null || !isFault(button.value) || button.ariaDisabled === 'true') return
    void requestFault(this.#client, button.value)
  }

  /** Says which buttons make sense now. They stay focusable, so that the keyboard does not lose its place. */
  #offer(state: State): void {
    for (const button of this.#faults.querySelectorAll('button')) button.ariaDisabled = String(state !== 'open')
    const lastEventId = this.#source?.lastEventId
    this.#again.classList.toggle('wanted', state === 'closed')
    if (state === 'complete') this.#again.textContent = 'Start again'
    else if (state === 'closed') this.#again.textContent = lastEventId ? `Reconnect after ${lastEventId}` : 'Reconnect'
    else this.#again.textContent = 'Close'
  }

  #note(text: string): void {
    part(this.#root, 'note', HTMLElement).textContent = text
  }

  #count(): void {
    const { received, missing, twice } = this.#tally
    const counts = { received, missing, twice, connections: this.#connections }
    for (const [name, count] of Object.entries(counts)) {
      const counter = part(this.#root, name, HTMLElement)
      counter.textContent = count.toLocaleString('en')
      counter.classList.toggle('wrong', count > 0 && (name === 'missing' || name === 'twice'))
    }
    part(this.#root, 'last-event-id', HTMLElement).textContent = this.#source?.lastEventId || '–'
  }
}
