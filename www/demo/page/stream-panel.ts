import type { ErrorKind, EventSource, EventSourceErrorEvent } from 'eventsource-wasm'
import { EventLog } from './event-log.js'
import { explain } from './explain.js'
import { isFault, requestFault } from './faults.js'
import { whileInView } from './in-view.js'
import type { Change, Instrument } from './instrument.js'
import { oncePerFrame } from './once-per-frame.js'
import { part } from './part.js'
import { Pill, type State } from './pill.js'
import { Strip } from './strip.js'
import { Tally } from './tally.js'

/** What a panel shows: an `EventSource`, or what stands on one. */
export type Source = Pick<EventSource, 'lastEventId' | 'addEventListener' | 'close'>

/** Opens the stream for a client of the switchboard, after an event unless `lastEventId` is empty. */
export type Connect = (client: string, lastEventId: string) => Source

/** Short names of what ends a connection, where its kind is not one. */
const CAUSES: Partial<Record<ErrorKind, string>> = { network: 'dropped', end: 'ended' }

/** The instruments beside a stream: its state, counters, log, and the buttons that break it. */
export class StreamPanel {
  readonly #connect: Connect
  readonly #instruments: readonly Instrument[]
  readonly #client = Math.random().toString(36).slice(2)
  #source: Source | undefined
  #state: State = 'closed'
  #connections = 0
  #tally = new Tally()
  #wasLeft = false

  readonly #root: ParentNode
  readonly #pill: Pill
  readonly #log: EventLog
  readonly #faults: HTMLElement
  readonly #again: HTMLButtonElement
  readonly #count = oncePerFrame(() => this.#renderCounters())

  constructor(section: Element, connect: Connect, instruments: readonly Instrument[] = [new Strip()]) {
    const template = document.getElementById('instruments')
    if (!(template instanceof HTMLTemplateElement)) throw new TypeError('no template for the instruments')
    part(section, 'instruments', HTMLElement).append(template.content.cloneNode(true))

    this.#root = section
    this.#connect = connect
    this.#instruments = instruments
    part(section, 'status', HTMLElement).after(...instruments.map(({ element }) => element))
    this.#log = new EventLog(part(section, 'log', HTMLElement))
    this.#faults = part(section, 'faults', HTMLElement)
    this.#again = part(section, 'again', HTMLButtonElement)
    this.#pill = new Pill(part(section, 'pill', HTMLElement), () => this.#change({ state: 'connecting' }))

    this.#faults.addEventListener('click', event => this.#break(event.target))
    this.#again.addEventListener('click', () => this.#toggle())
  }

  /** Starts when the section is first seen. Out of view, it is closed; it resumes when it comes back. */
  runInView(section: Element): void {
    const enter = () => {
      if (this.#source === undefined) this.start()
      else if (this.#wasLeft) this.resume()
    }
    const leave = () => {
      if (this.#state === 'closed' || this.#state === 'complete') return
      this.#close('closed', 'Closed while out of view.')
      this.#wasLeft = true
    }
    whileInView(section, enter, leave)
  }

  /** Opens the stream from its beginning. */
  start(): void {
    this.#tally = new Tally()
    this.#connections = 0
    this.#log.clear()
    for (const instrument of this.#instruments) instrument.clear()
    this.#open('')
  }

  /** Opens the stream anew, after the last event that arrived. */
  resume(): void {
    this.#open(this.#source?.lastEventId ?? '')
  }

  /** Counts and logs an event of the stream. Its number, where it has one, tells whether any are missing. */
  record(event: MessageEvent<string>, number?: number): void {
    const gap = this.#tally.add(number)
    for (const instrument of this.#instruments) instrument.received(event, this.#connections, gap)
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
    this.#wasLeft = false
    this.#pill.show('connecting')
    this.#change({ state: 'connecting' })
    this.#note(lastEventId ? `Asking for what comes after ${lastEventId}.` : 'Connecting.')

    const source = this.#connectOrRefuse(lastEventId)
    if (source === undefined) return
    source.addEventListener('open', () => this.#opened(source.lastEventId))
    source.addEventListener('error', event => this.#failed(event))
    this.#source = source
    this.#count()
  }

  /** The reader may have entered an invalid request. */
  #connectOrRefuse(lastEventId: string): Source | undefined {
    try {
      return this.#connect(this.#client, lastEventId)
    } catch (error) {
      this.#close('closed', String(error))
      return undefined
    }
  }

  #opened(lastEventId: string): void {
    this.#connections += 1
    this.#pill.show('open')
    this.#change({ state: 'open', detail: lastEventId && `after ${lastEventId}` })
    this.#note(lastEventId ? `Goes on after ${lastEventId}.` : 'Connected.')
    this.#log.state('open', lastEventId && `after ${lastEventId}`)
    this.#count()
  }

  #failed(error: EventSourceErrorEvent): void {
    const { kind, status, delayMs } = error
    const cause = CAUSES[kind] ?? (kind === 'http' ? String(status) : kind)
    if (delayMs === undefined) {
      this.#pill.show('closed')
      this.#change({ state: 'closed', detail: cause })
    } else {
      this.#pill.wait(delayMs)
      this.#change({ state: 'waiting', detail: cause, delayMs })
    }
    this.#note(explain(error, this.#source?.lastEventId ?? ''))
    this.#log.state('error', delayMs === undefined ? `${cause}, closed` : `${cause}, again in ${Math.round(delayMs)} ms`)
  }

  #close(state: 'closed' | 'complete', note: string): void {
    this.#source?.close()
    this.#pill.show(state)
    this.#change({ state })
    this.#note(note)
    this.#log.state('close', '')
  }

  #toggle(): void {
    if (this.#state === 'complete') this.start()
    else if (this.#state === 'closed') this.resume()
    else this.#close('closed', 'Closed by you.')
  }

  #break(target: EventTarget | null): void {
    const button = target instanceof Element ? target.closest('button') : null
    if (button === null || !isFault(button.value) || button.ariaDisabled === 'true') return
    void requestFault(this.#client, button.value)
  }

  #change(change: Pick<Change, 'state'> & Partial<Change>): void {
    this.#state = change.state
    for (const instrument of this.#instruments) {
      instrument.changed?.({ connection: this.#connections, detail: '', ...change })
    }
    this.#offer(change.state)
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

  #renderCounters(): void {
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
