import { consoleTrace, performanceTrace, type TraceEntry } from 'eventsource-wasm/trace'
import { EventLog } from '../event-log.js'

const NAME = 'playground'

/** What the console would show of a connection, in an element; Chromium's Performance panel has a track of it. */
export class TraceLog {
  readonly trace: (entry: TraceEntry) => void
  readonly #log: EventLog

  constructor(element: HTMLElement) {
    const log = new EventLog(element)
    const write = (level: string) => (line: string) => log.event(level, '', line)
    const fail = (line: string) => log.state('error', line)
    const lines = consoleTrace({ name: NAME, console: { debug: write('debug'), info: write('info'), warn: fail, error: fail } })
    const track = performanceTrace(NAME)
    this.#log = log
    this.trace = entry => {
      lines(entry)
      track(entry)
    }
  }

  clear(): void {
    this.#log.clear()
  }
}
