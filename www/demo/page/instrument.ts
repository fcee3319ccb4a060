import type { State } from './pill.js'
import type { Gap } from './tally.js'

/** A new state of a stream. */
export interface Change {
  state: State
  /** How many connections there have been. */
  connection: number
  /** In a few words, why; may be empty. */
  detail: string
  /** How long it waits. */
  delayMs?: number
}

/** What a panel shows of its stream beside state, counters and log. */
export interface Instrument {
  readonly element: HTMLElement
  clear(): void
  changed?(change: Change): void
  /** `gap` is what the tally says of the event. */
  received(event: MessageEvent<string>, connection: number, gap: Gap): void
}
