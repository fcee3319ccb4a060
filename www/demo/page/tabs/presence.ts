import type { Role } from 'eventsource-wasm/share'

/** What a tab says of itself. */
export interface TabState {
  id: string
  name: string
  role: Role | 'own'
  lastNumber: number | undefined
  missing: number
  twice: number
}

export type Order = 'reload' | 'hang'

type Message = { state: TabState } | { gone: string } | { order: Order }

/** A tab that is silent for this long is stopped or gone. */
const SILENT_MS = 2500
const GONE_MS = 12_000

/** The tabs with this page, as they tell each other of themselves. */
export class Presence {
  readonly #channel = new BroadcastChannel('eventsource-wasm tabs')
  readonly #tabs = new Map<string, { state: TabState, heard: number }>()

  /** `onOrder` is called for the orders to the tab with the connection, in all tabs. */
  constructor(id: string, onOrder: (order: Order) => void) {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if ('state' in data) this.#hear(data.state)
      else if ('gone' in data) this.#tabs.delete(data.gone)
      else onOrder(data.order)
    })
    addEventListener('pagehide', () => this.#post({ gone: id }))
  }

  tell(state: TabState): void {
    this.#hear(state)
    this.#post({ state })
  }

  order(order: Order): void {
    this.#post({ order })
  }

  /** All tabs, by name. */
  tabs(): { state: TabState, isSilent: boolean }[] {
    const now = performance.now()
    for (const [id, { heard }] of this.#tabs) if (now - heard > GONE_MS) this.#tabs.delete(id)
    return Array.from(this.#tabs.values(), ({ state, heard }) => ({ state, isSilent: now - heard > SILENT_MS }))
      .sort((a, b) => a.state.name.localeCompare(b.state.name) || a.state.id.localeCompare(b.state.id))
  }

  #hear(state: TabState): void {
    // A page announces that it is leaving.
    if (state.role === 'away') this.#tabs.delete(state.id)
    else this.#tabs.set(state.id, { state, heard: performance.now() })
  }

  #post(message: Message): void {
    this.#channel.postMessage(message)
  }
}
